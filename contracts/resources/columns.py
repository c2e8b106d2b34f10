"""The columns of a register file: their headings, what each may hold, and how a heading is recognised."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from contracts.choices import Management, NoticeGivenBy, NoticeKind, ProcurementRegime, ProcurementRoute

NOT_IMPORTED: Final = "(not imported)"
"""Ends the heading of a column that an export adds for reading; the import passes over it."""


@dataclass(frozen=True)
class Column:
    """One column. `guidance` and `example` are printed on the guidance sheet; `allowed` where there is a list."""

    name: str
    header: str
    guidance: str
    example: str = ""
    required: bool = False
    allowed: Sequence[str] = field(default=())

    @property
    def keys(self) -> set[str]:
        """The headings it answers to, without case, spaces and marks, with or without what is in brackets."""
        return {heading_key(self.header), heading_key(re.sub(r"\(.*?\)", "", self.header))}


_SEVERAL: Final = "Several are separated by a bar with spaces: « | »."
_DAY: Final = (
    "A date cell, or text such as 31/03/2015, 31 March 2015 or 2015-03-31. The day comes first, the year is whole."
)
_MONEY: Final = "Pounds, written in full: 1250, 1,250.00 or £1,250.00."

COLUMNS: Final = (
    Column(
        "reference",
        "Reference",
        "Names the contract in this unit: a row with a reference that the register holds changes that contract, "
        "any other adds one. Format the column as text, so that 0012 stays 0012.",
        "CS/0147",
        required=True,
    ),
    Column("title", "Title", "What is bought, as people call it. At most 300 characters.", "Short breaks, East", True),
    Column("description", "Description", "Any text; line breaks stay.", "Overnight and day breaks for 60 families."),
    Column(
        "service_area",
        "Service area",
        "A part of the unit's work. One that the unit does not have yet is added, and the preview names it.",
        "Disability",
    ),
    Column("providers", "Providers", f"The provider's name. {_SEVERAL}", "Willow Homes Ltd | Alder Trust"),
    Column(
        "identifiers",
        "Provider identifiers",
        "A public code of each provider, in the order of the providers: ods, company, charity, gss, ppon or "
        "local_authority, a colon, and the code. Leave a place empty where none is known. With a code the right "
        f"provider is found whatever the spelling of its name. {_SEVERAL}",
        "company:01234567 | charity:1098765",
    ),
    Column(
        "officer",
        "Contract officer",
        "Work e-mail address of a person at one of the unit's partners, who returns this contract each month.",
        "sam.fielding@example.org",
    ),
    Column("deputies", "Deputies", f"Work e-mail addresses of those who stand in. {_SEVERAL}", "k.obi@example.org"),
    Column("service_manager", "Service manager", "Work e-mail address of the manager of the service."),
    Column(
        "management",
        "Managed",
        "Who runs the contract. Empty on a new contract: centrally managed.",
        Management.CENTRAL.label,
        allowed=Management.labels,
    ),
    Column(
        "procurement_regime",
        "Procurement regime",
        "The law under which it was bought. Empty: not known.",
        ProcurementRegime.PCR2006.label,
        allowed=ProcurementRegime.labels,
    ),
    Column(
        "procurement_route",
        "Procurement route",
        "The route under that law; a route which the regime does not have is refused. Empty: not known.",
        ProcurementRoute.OPEN.label,
        allowed=ProcurementRoute.labels,
    ),
    Column("annual_value", "Annual value", f"A year's value, partner funding included. {_MONEY}", "£412,000.00"),
    Column(
        "whole_life_value", "Whole-life value", f"Over the whole life, partner funding included. {_MONEY}", "1236000"
    ),
    Column(
        "funding",
        "Partner funding",
        "Each partner's share of both values: its name, a colon, the amount a year, a semicolon, the amount over the "
        "whole life. The shares must add up to the two values. A bar that belongs to a name is written \\|. "
        f"{_SEVERAL}",
        "Mercia County Council: £300,000.00; £900,000.00 | Mercia CCG: £112,000.00; £336,000.00",
    ),
    Column("start", "Starts", f"The first day. {_DAY}", "01/04/2013"),
    Column("initial_end", "Ends", f"The last day of the first term, before any extension. {_DAY}", "31/03/2016"),
    Column(
        "options",
        "Extension options (months)",
        f"The length in months of each option to extend, in order, exercised or not. {_SEVERAL}",
        "12 | 12",
    ),
    Column(
        "exercised",
        "Extensions exercised",
        "The day on which each option was exercised, in the order of the options; options not exercised are left "
        f"out. An exercise that the register holds cannot be taken back here. {_SEVERAL}",
        "15/12/2015",
    ),
    Column(
        "used",
        "Months used of the options",
        "Only for options exercised for fewer months than they grant: the months used, in the order of the options; "
        f"the place of one that was used whole is left empty. {_SEVERAL}",
    ),
    Column(
        "notice_months",
        "Notice period (months)",
        "Whole months; 0 where there is none. Empty: not known.",
        "6",
    ),
    Column("notice_given_on", "Notice given on", f"The day notice was given, if it was. {_DAY}"),
    Column(
        "notice_given_by",
        "Notice given by",
        "Needed with a notice.",
        allowed=NoticeGivenBy.labels,
    ),
    Column("notice_kind", "Kind of notice", "Of a notice that was given. Empty: not known.", allowed=NoticeKind.labels),
    Column("notice_ends_on", "Notice ends on", f"The last day of the contract under the notice. {_DAY}"),
)
BY_NAME: Final = {column.name: column for column in COLUMNS}


def heading_key(heading: str) -> str:
    """What is left of a heading when case, spaces and marks are taken away."""
    return re.sub(r"[\W_]+", "", heading).casefold()


_BY_KEY: Final = {key: column for column in COLUMNS for key in column.keys}


def is_for_reading(heading: str) -> bool:
    return heading.strip().casefold().endswith(NOT_IMPORTED)


def column_of(heading: str) -> Column | None:
    return _BY_KEY.get(heading_key(heading))


def recognised(headings: Sequence[str]) -> int:
    """How many of the headings are columns of a register: tells a file's separator."""
    return sum(column_of(heading) is not None for heading in headings)


@dataclass(frozen=True)
class Layout:
    """Where each column stands in a file; `faults` says what is wrong with its headings."""

    places: dict[str, int]
    faults: list[str]


def layout_of(headings: Sequence[str]) -> Layout:
    """Recognise every heading. A file with one that is unknown, twice there or missing is not read further."""
    places: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(headings):
        if not heading.strip() or is_for_reading(heading):
            continue
        column = column_of(heading)
        if column is None:
            faults.append(_unknown(heading.strip()))
        elif column.name in places:
            faults.append(f"The column «{column.header}» is there twice.")
        else:
            places[column.name] = place
    faults += [
        f"The column «{column.header}» is missing."
        for column in COLUMNS
        if column.required and column.name not in places
    ]
    if "identifiers" in places and "providers" not in places:
        faults.append("The column «Provider identifiers» needs the column «Providers» beside it.")
    return Layout(places, faults)


def _unknown(heading: str) -> str:
    close = difflib.get_close_matches(heading_key(heading), _BY_KEY, n=1, cutoff=0.6)
    if close:
        return f"The column «{heading}» is not known. Did you mean «{_BY_KEY[close[0]].header}»?"
    return f"The column «{heading}» is not known. Take it out, or end its heading with «{NOT_IMPORTED}»."
