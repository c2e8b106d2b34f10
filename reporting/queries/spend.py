"""What the partners pay, a year and over the whole life, of the contracts that count in the month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commissioning.choices import OrganisationKind
from contracts.drawing import Part, key, stack
from contracts.templatetags.marks import money
from reporting.queries.words import listed

FILLS: Final = ("p1", "p2", "p3", "p4")
#: Bodies of one kind stand together under this name, once there are several.
PLURALS: Final[dict[str, str]] = {
    OrganisationKind.COUNCIL: "Councils",
    OrganisationKind.CCG: "Clinical commissioning groups",
    OrganisationKind.LCG: "Local commissioning groups",
    OrganisationKind.ICB: "Integrated care boards",
    OrganisationKind.NHS_ENGLAND_AREA_TEAM: "NHS England area teams",
    OrganisationKind.PUBLIC_HEALTH: "Public health",
    OrganisationKind.NHS_TRUST: "NHS trusts",
    OrganisationKind.COMPANY: "Companies",
    OrganisationKind.VOLUNTARY_SECTOR: "Voluntary sector",
    OrganisationKind.OTHER: "Other bodies",
}
NOT_SPLIT: Final = "No split recorded"


@dataclass(frozen=True)
class SpendRow:
    """A partner, or partners of one kind together."""

    key: str
    name: str
    annual: str
    whole_life: str


@dataclass(frozen=True)
class Spend:
    """The bar, its rows, and what they total."""

    bar: str
    rows: list[SpendRow]
    annual: str
    whole_life: str


@dataclass
class _Share:
    name: str
    annual: Decimal
    whole_life: Decimal


def spend_by_partner(paid: Iterable[Mapping[str, Any]], *, annual: Decimal | None, whole_life: Decimal | None) -> Spend:
    """``paid`` is what each pays of them. What no share explains is said to be unsplit, not given to anybody."""
    total = _Share("", annual or Decimal(0), whole_life or Decimal(0))
    shares = _by_kind(paid)
    rest = _Share(
        NOT_SPLIT,
        total.annual - sum((share.annual for share in shares), Decimal(0)),
        total.whole_life - sum((share.whole_life for share in shares), Decimal(0)),
    )
    return _spend([*_largest(shares, keep=len(FILLS) - (1 if rest.annual else 0)), rest], total)


def _by_kind(rows: Iterable[Mapping[str, Any]]) -> list[_Share]:
    """Councils by name, since each answers for its own money; others of one kind together."""
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        kind = row["kind"]
        kinds[row["name"] if kind == OrganisationKind.COUNCIL else kind].append(row)
    shares = [
        _Share(
            name=_name(members),
            annual=sum((Decimal(row["annual"]) for row in members), Decimal(0)),
            whole_life=sum((Decimal(row["whole_life"]) for row in members), Decimal(0)),
        )
        for members in kinds.values()
    ]
    return sorted(shares, key=lambda share: (-share.annual, share.name))


def _name(members: Sequence[Mapping[str, Any]]) -> str:
    first = members[0]
    if len(members) == 1:
        return str(first["name"])
    return f"{PLURALS[first['kind']]}, {len(members)} together"


def _largest(shares: list[_Share], *, keep: int) -> list[_Share]:
    """The largest as they are; where there are more, the smaller ones as one."""
    if len(shares) <= keep:
        return shares
    small = shares[keep - 1 :]
    together = _Share(
        f"Others, {len(small)} together",
        sum((share.annual for share in small), Decimal(0)),
        sum((share.whole_life for share in small), Decimal(0)),
    )
    return [*shares[: keep - 1], together]


def _spend(shares: list[_Share], total: _Share) -> Spend:
    shown = [share for share in shares if share.annual or share.whole_life]
    filled = list(zip(FILLS, shown, strict=False))
    words = listed(f"{share.name} {money(share.annual, 1)}" for share in shown)
    return Spend(
        bar=stack(
            [Part(fill, float(share.annual)) for fill, share in filled],
            label=f"Of {money(total.annual, 1)} a year: {words}",
        )
        if total.annual
        else "",
        rows=[
            SpendRow(key(fill), share.name, money(share.annual, 1), money(share.whole_life, 1))
            for fill, share in filled
        ],
        annual=money(total.annual, 1),
        whole_life=money(total.whole_life, 1),
    )
