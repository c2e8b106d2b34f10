"""The published lists, read into the bodies and successions they tell of. No database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from commissioning.choices import IdentifierScheme, OrganisationKind
from commissioning.services.reference_lists.names import proper_location_name, proper_name

DATA: Final = Path(__file__).resolve().parents[2] / "data"

#: Health and Care Act 2022: clinical commissioning groups were abolished and integrated care boards began.
BOARDS_BEGAN: Final = date(2022, 7, 1)
GROUPS_ENDED: Final = BOARDS_BEGAN - timedelta(days=1)

ODS_GROUPS: Final = "NHS Organisation Data Service, CCGs and sub-ICB locations"
ODS_TRUSTS: Final = "NHS Organisation Data Service, NHS trusts"
ONS_BOARDS: Final = "Office for National Statistics, integrated care boards, April 2024"
ONS_GROUPS: Final = "Office for National Statistics, clinical commissioning groups, April 2021"
COUNCILS: Final = "mySociety, UK local authority names and codes"

_NOT_COUNCILS: Final = frozenset({"COMB", "SRA"})  # combined authorities and the Greater London Authority


@dataclass(frozen=True)
class Code:
    """A code of a register with the days it named the body; both days belong to the time."""

    scheme: IdentifierScheme
    value: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class Body:
    """An organisation as the lists have it. ``key`` and ``parent`` are names within one reading only."""

    key: str
    name: str
    kind: OrganisationKind
    opened_on: date | None
    closed_on: date | None
    codes: tuple[Code, ...]
    parent: str | None = None


@dataclass(frozen=True)
class Succession:
    predecessor: str
    successor: str
    on: date
    source: str


@dataclass
class Lists:
    bodies: list[Body] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    left_out: int = 0  # rows that are no body of their own: commissioning hubs, reporting entities

    def add(self, other: "Lists") -> None:
        self.bodies += other.bodies
        self.successions += other.successions
        self.left_out += other.left_out


def read_lists(folder: Path = DATA) -> Lists:
    """Every body of the lists. Boards come before the locations that are parts of them."""
    lists = read_boards(folder / "ons-icbs-2024.csv")
    lists.add(read_groups(folder / "ods-ccgs-and-sub-icbs.csv", folder / "ons-ccgs-2021.csv"))
    lists.add(read_trusts(folder / "ods-nhs-trusts.csv"))
    lists.add(read_councils(folder / "uk-local-authorities.csv"))
    return lists


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _records(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _ods_day(text: str) -> date | None:
    return datetime.strptime(text, "%Y%m%d").date() if text else None  # noqa: DTZ007 - a day has no zone


def _iso_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# Integrated care boards


def read_boards(path: Path) -> Lists:
    return Lists(bodies=[_board(row) for row in _records(path)])


def _board(row: dict[str, str]) -> Body:
    def code(scheme: IdentifierScheme, value: str) -> Code:
        return Code(scheme, value, BOARDS_BEGAN, None, ONS_BOARDS)

    return Body(
        key=f"ods:{row['ICB24CDH']}",
        name=row["ICB24NM"],
        kind=OrganisationKind.ICB,
        opened_on=BOARDS_BEGAN,
        closed_on=None,
        codes=(code(IdentifierScheme.ODS, row["ICB24CDH"]), code(IdentifierScheme.GSS, row["ICB24CD"])),
    )


# Clinical commissioning groups and the locations of boards that kept their codes


def read_groups(path: Path, names: Path) -> Lists:
    """Groups, and the sub-ICB locations that kept a group's code: the same code, another body.

    The ODS list shows a kept code under the successor's name, so that the group's own name comes from the ONS list.
    Raises KeyError where that list lacks it: a name is never guessed.
    """
    last_names = {row["CCG21CDH"]: row for row in _records(names)}
    lists = Lists()
    for row in _rows(path):
        code, name, board, opened, closed = row[0], row[1], row[3], _ods_day(row[10]), _ods_day(row[11])
        if name.endswith(" CCG"):
            lists.bodies.append(_group(code, proper_name(name), opened, closed))
        elif name.endswith(f" ICB - {code}"):
            if opened and opened <= GROUPS_ENDED:
                lists.add(_former_group(code, board, last_names[code], opened))
            lists.bodies.append(_location(code, name, board, opened, closed))
        else:
            lists.left_out += 1
    return lists


def _group(code: str, name: str, opened: date | None, closed: date | None, *more: Code) -> Body:
    return Body(
        key=f"group:{code}",
        name=name,
        kind=OrganisationKind.CCG,
        opened_on=opened,
        closed_on=closed,
        codes=(Code(IdentifierScheme.ODS, code, opened, closed, ODS_GROUPS), *more),
    )


def _former_group(code: str, board: str, last_name: dict[str, str], opened: date) -> Lists:
    gss = Code(IdentifierScheme.GSS, last_name["CCG21CD"], None, GROUPS_ENDED, ONS_GROUPS)
    return Lists(
        bodies=[_group(code, last_name["CCG21NM"], opened, GROUPS_ENDED, gss)],
        successions=[
            Succession(f"group:{code}", f"location:{code}", BOARDS_BEGAN, f"{ODS_GROUPS}: the code was kept"),
            Succession(f"group:{code}", f"ods:{board}", BOARDS_BEGAN, "Health and Care Act 2022"),
        ],
    )


def _location(code: str, name: str, board: str, opened: date | None, closed: date | None) -> Body:
    since = max(opened or BOARDS_BEGAN, BOARDS_BEGAN)
    return Body(
        key=f"location:{code}",
        name=proper_location_name(name),
        kind=OrganisationKind.ICB,
        opened_on=since,
        closed_on=closed,
        codes=(Code(IdentifierScheme.ODS, code, since, closed, ODS_GROUPS),),
        parent=f"ods:{board}",
    )


# NHS trusts


def read_trusts(path: Path) -> Lists:
    return Lists(bodies=[_trust(row[0], row[1], _ods_day(row[10]), _ods_day(row[11])) for row in _rows(path)])


def _trust(code: str, name: str, opened: date | None, closed: date | None) -> Body:
    return Body(
        key=f"ods:{code}",
        name=proper_name(name),
        kind=OrganisationKind.NHS_TRUST,
        opened_on=opened,
        closed_on=closed,
        codes=(Code(IdentifierScheme.ODS, code, opened, closed, ODS_TRUSTS),),
    )


# Councils


def read_councils(path: Path) -> Lists:
    rows = {row["local-authority-code"]: row for row in _records(path)}
    first_days = {code: _iso_day(row["start-date"]) for code, row in rows.items()}
    lists = Lists()
    for row in rows.values():
        successors = [code for code in row["replaced-by"].split(",") if code]
        closed = _last_day(_iso_day(row["end-date"]), [first_days[code] for code in successors])
        lists.bodies.append(_council(row, _iso_day(row["start-date"]), closed))
        if closed:
            lists.successions += [
                Succession(_council_key(row), f"council:{code}", closed + timedelta(days=1), COUNCILS)
                for code in successors
            ]
    return lists


def _last_day(end: date | None, successors_began: list[date | None]) -> date | None:
    """The list ends some councils on their last day and others on the day their successor began."""
    return end - timedelta(days=1) if end and end in successors_began else end


def _council_key(row: dict[str, str]) -> str:
    return f"council:{row['local-authority-code']}"


def _council(row: dict[str, str], opened: date | None, closed: date | None) -> Body:
    source = f"{COUNCILS}, {row['nation']}"
    codes = [Code(IdentifierScheme.LOCAL_AUTHORITY, row["local-authority-code"], opened, closed, source)]
    if row["gss-code"]:
        codes.append(Code(IdentifierScheme.GSS, row["gss-code"], opened, closed, source))
    is_council = row["local-authority-type"] not in _NOT_COUNCILS
    return Body(
        key=_council_key(row),
        name=row["official-name"],
        kind=OrganisationKind.COUNCIL if is_council else OrganisationKind.OTHER,
        opened_on=opened,
        closed_on=closed,
        codes=tuple(codes),
    )
