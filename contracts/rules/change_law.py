"""The law of changing a contract, as the tables that the administration begins with; a lawyer corrects them there.

Read: Procurement Act 2023, sections 52, 53, 71, 74 to 77, 80 and Schedule 8; Procurement Regulations 2024 (SI
2024/692), regulation 39; Health Care Services (Provider Selection Regime) Regulations 2023 (SI 2023/1348), regulations
13 and 14, with NHS England's statutory guidance of April 2025; Public Contracts Regulations 2015 (SI 2015/102),
regulation 72; Public Contracts Regulations 2006 (SI 2006/5) with pressetext, Case C-454/06. Where a row was not read in
the law itself, its note says that a lawyer must confirm it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ..choices import DutyCause as Cause
from ..choices import ProcurementRegime as Regime

CONFIRM: Final = "To be confirmed by a lawyer."
REGIME_FIRST: Final = "Give the procurement regime first: the grounds in law follow from it."
SECTION_71_IN_FORCE: Final = date(2026, 1, 1)


@dataclass(frozen=True)
class GroundRow:
    """A ground for changing a contract; ``words`` are what a person chooses by."""

    regime: Regime
    code: str
    words: str
    law: str
    note: str = ""


@dataclass(frozen=True)
class DutyRow:
    """A duty that follows from an event; ``days`` as in ``contracts.rules.duties``."""

    regime: Regime
    cause: Cause
    code: str
    title: str
    law: str
    days: int | None = None
    is_working_days: bool = False
    value_change_from: Decimal | None = None
    percent_change_above: Decimal | None = None
    contract_value_above: Decimal | None = None
    only_grounds: str = ""
    only_with_kpis: bool = False
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


# Grounds

_PRESSETEXT: Final = "pressetext, Case C-454/06, paragraphs 34 to 37, under the Public Contracts Regulations 2006"
_ACT: Final = "Procurement Act 2023"
_SCHEDULE_8: Final = f"{_ACT}, section 74 and Schedule 8"
_PCR2015: Final = "Public Contracts Regulations 2015, regulation 72"
_PSR: Final = "Provider Selection Regime Regulations 2023, regulation"

GROUNDS: Final = (
    GroundRow(Regime.PCR2006, "provided-for", "The contract itself clearly provides for it", _PRESSETEXT, CONFIRM),
    GroundRow(Regime.PCR2006, "not-material", "It is not a material change", _PRESSETEXT, CONFIRM),
    GroundRow(
        Regime.PCR2006,
        "part-b",
        "Part B services, which few of the rules reach",
        "Public Contracts Regulations 2006, regulation 5(2) and Schedule 3, Part B",
        f"Health and social care were Part B services; general principles of the Treaty still held. {CONFIRM}",
    ),
    GroundRow(
        Regime.PCR2015,
        "72-1-a",
        "Clear, precise and unequivocal review clauses or options provide for it",
        f"{_PCR2015}(1)(a)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PCR2015,
        "72-1-b",
        "Additional services have become necessary and another contractor cannot give them",
        f"{_PCR2015}(1)(b)",
        f"At most half as much again as the original value. A notice follows under paragraph (3). {CONFIRM}",
    ),
    GroundRow(
        Regime.PCR2015,
        "72-1-c",
        "Circumstances that a diligent authority could not have foreseen",
        f"{_PCR2015}(1)(c)",
        "Not altering the overall nature, at most half as much again as the original value. A notice follows under "
        f"paragraph (3). {CONFIRM}",
    ),
    GroundRow(
        Regime.PCR2015,
        "72-1-d",
        "A new contractor replaces the first by a review clause or by succession",
        f"{_PCR2015}(1)(d)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PCR2015,
        "72-1-e",
        "The change is not substantial, whatever its value",
        f"{_PCR2015}(1)(e) and (8)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PCR2015,
        "72-1-f",
        "Below the threshold and below a tenth of the original value",
        f"{_PCR2015}(1)(f) and (5)",
        CONFIRM,
    ),
    GroundRow(Regime.PA2023_FULL, "provided-for", "Provided for in the contract", f"{_SCHEDULE_8}", CONFIRM),
    GroundRow(Regime.PA2023_FULL, "urgency", "Urgency, or the protection of life", f"{_SCHEDULE_8}", CONFIRM),
    GroundRow(
        Regime.PA2023_FULL,
        "unforeseeable",
        "Unforeseeable circumstances",
        f"{_SCHEDULE_8}",
        f"At most half as much again as the value. {CONFIRM}",
    ),
    GroundRow(
        Regime.PA2023_FULL,
        "known-risk",
        "A known risk, named in the tender, has come about",
        f"{_SCHEDULE_8}",
        f"At most half as much again as the value. {CONFIRM}",
    ),
    GroundRow(
        Regime.PA2023_FULL,
        "additional",
        "Additional services that another supplier could not give without great inconvenience",
        f"{_SCHEDULE_8}",
        f"At most half as much again as the value. {CONFIRM}",
    ),
    GroundRow(
        Regime.PA2023_FULL,
        "restructuring",
        "Transfer to another supplier on corporate restructuring",
        f"{_SCHEDULE_8}",
        CONFIRM,
    ),
    GroundRow(
        Regime.PA2023_FULL,
        "not-substantial",
        "Not a substantial modification",
        f"{_ACT}, section 74(3)",
        "Substantial: the term moves by more than a tenth of the longest term, the scope changes materially, or the "
        f"economic balance moves materially to the supplier. {CONFIRM}",
    ),
    GroundRow(
        Regime.PA2023_FULL,
        "below-threshold",
        "A below-threshold modification",
        f"{_ACT}, section 74(4)",
        f"At most a tenth of the value for goods or services. {CONFIRM}",
    ),
    GroundRow(
        Regime.PA2023_LIGHT_TOUCH,
        "light-touch",
        "Light touch: the Procurement Act 2023, section 74, does not limit it",
        f"{_ACT}, section 74, with the guidance on contract modifications",
    ),
    GroundRow(
        Regime.PA2023_BELOW_THRESHOLD,
        "below-threshold",
        "Below threshold: the contract’s own terms and the authority’s standing orders",
        f"{_ACT}, Part 6",
        CONFIRM,
    ),
    GroundRow(
        Regime.PSR,
        "13-1-a",
        "Clearly and unambiguously provided for in the contract",
        f"{_PSR} 13(1)(a)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PSR,
        "13-1-b",
        "Only the provider’s identity changes, after succession or restructuring",
        f"{_PSR} 13(1)(b)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PSR,
        "13-1-c",
        "External factors beyond the control of authority and provider",
        f"{_PSR} 13(1)(c)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PSR,
        "13-1-d",
        "Below a considerable change: not materially different, and under £500,000 or under a quarter of the value",
        f"{_PSR} 13(1)(d)",
        CONFIRM,
    ),
    GroundRow(
        Regime.PSR,
        "13-direct-a-b",
        "Awarded by direct award process A or B, and not materially different",
        f"{_PSR} 13",
        CONFIRM,
    ),
    GroundRow(Regime.PSR, "14", "Urgent: it cannot wait for a process", f"{_PSR} 14", CONFIRM),
    GroundRow(Regime.GRANT, "grant-terms", "The grant’s own terms allow it", "The grant agreement"),
    GroundRow(Regime.NONE, "agreed", "Both agree; no procurement law applies", "The agreement itself"),
)

# Duties

_FIVE_MILLION: Final = Decimal(5_000_000)
_TEN_PERCENT: Final = Decimal(10)
_UK7: Final = "Publish the contract details notice (UK7)"
_UK10: Final = "Publish the contract change notice (UK10)"
_UK11: Final = "Publish the contract termination notice (UK11)"
_SECTION_75: Final = f"{_ACT}, section 75"
_UK10_NOTE: Final = (
    "Before the change is made. Not where the value moves by a tenth or less (goods and services), or the term by a "
    "tenth or less of the longest term. Not for light touch contracts."
)
_COPY: Final = "Publish a copy of the contract"
_COPY_CHANGED: Final = "Publish a copy of the contract as changed"


def _uk10(cause: Cause, *, above: Decimal | None = _TEN_PERCENT, note: str = _UK10_NOTE) -> DutyRow:
    return DutyRow(
        Regime.PA2023_FULL, cause, "uk10", _UK10, _SECTION_75, days=-1, percent_change_above=above, note=note
    )


def _copy_changed(cause: Cause) -> DutyRow:
    return DutyRow(
        Regime.PA2023_FULL,
        cause,
        "copy-changed",
        _COPY_CHANGED,
        f"{_ACT}, section 77",
        days=90,
        percent_change_above=_TEN_PERCENT,
        contract_value_above=_FIVE_MILLION,
        note=f"Contracts over £5 million whose change called for a contract change notice. {CONFIRM}",
    )


def _reg_72(cause: Cause) -> DutyRow:
    return DutyRow(
        Regime.PCR2015,
        cause,
        "reg72-3",
        "Publish the notice of a modification",
        f"{_PCR2015}(3)",
        only_grounds="72-1-b 72-1-c",
        note=f"Only for additional services or unforeseeable circumstances; the regulation names no day. {CONFIRM}",
    )


def _psr_modified(cause: Cause) -> DutyRow:
    return DutyRow(
        Regime.PSR,
        cause,
        "psr-modification",
        "Publish the transparency notice of the modification",
        f"{_PSR} 13",
        days=30,
        value_change_from=Decimal(500_000),
        note=f"For a change of value of £500,000 or more. The 30 days: {CONFIRM[0].lower()}{CONFIRM[1:]}",
    )


def _psr_urgent(cause: Cause) -> DutyRow:
    return DutyRow(
        Regime.PSR,
        cause,
        "psr-urgent",
        "Publish the urgent modification notice",
        f"{_PSR} 14 and Schedule 14",
        days=30,
        only_grounds="14",
        note=f"Title, codes, day, nature, who decided, conflicts of interest, reason. The 30 days: "
        f"{CONFIRM[0].lower()}{CONFIRM[1:]}",
    )


_CHANGES: Final = (Cause.EXTENDED, Cause.VALUE_VARIED, Cause.TERM_VARIED)

DUTIES: Final = (
    # Procurement Act 2023, full regime
    DutyRow(
        Regime.PA2023_FULL, Cause.STARTED, "uk7", _UK7, f"{_ACT}, section 53(1)", days=30,
        note=f"Within 30 days of entering into the contract; counted here from its start. {CONFIRM}",
    ),
    DutyRow(
        Regime.PA2023_FULL, Cause.STARTED, "copy", _COPY, f"{_ACT}, section 53(3)", days=90,
        contract_value_above=_FIVE_MILLION,
        note=f"Contracts over £5 million, within 90 days of entering into them. {CONFIRM}",
    ),
    DutyRow(
        Regime.PA2023_FULL, Cause.STARTED, "kpis", "Set and publish at least three KPIs", f"{_ACT}, section 52",
        days=30, contract_value_above=_FIVE_MILLION,
        note="Contracts over £5 million, unless performance could not appropriately be assessed by KPIs. Not "
        "frameworks, concessions or light touch contracts. Published with the contract details notice.",
    ),
    _uk10(
        Cause.OPTION_EXERCISED,
        note=f"{_UK10_NOTE} Whether an option that the contract provides for calls for it: to be confirmed by a "
        "lawyer.",
    ),
    _uk10(Cause.EXTENDED),
    _uk10(Cause.VALUE_VARIED),
    _uk10(Cause.TERM_VARIED),
    _uk10(
        Cause.NOVATED, above=None,
        note="Before the change is made. Whether a change of supplier alone calls for it: to be confirmed by a lawyer.",
    ),
    *(_copy_changed(cause) for cause in _CHANGES),
    DutyRow(
        Regime.PA2023_FULL, Cause.ENDED, "uk11", _UK11, f"{_ACT}, section 80", days=30,
        note=f"Within 30 days of the end by whatever means, running out included. {CONFIRM}",
    ),
    DutyRow(
        Regime.PA2023_FULL, Cause.ENDED, "uk9", "Publish the last contract performance notice (UK9)",
        f"{_ACT}, section 71", only_with_kpis=True, valid_from=SECTION_71_IN_FORCE,
        note="On termination, where KPIs were set; the Act names no day. The public notice, not the private contract "
        f"performance notice of the NHS Standard Contract. {CONFIRM}",
    ),
    DutyRow(
        Regime.PA2023_FULL, Cause.YEAR_OF_KPIS, "uk9", "Publish the contract performance notice (UK9)",
        f"{_ACT}, section 71, and Procurement Regulations 2024, regulation 39", days=0, only_with_kpis=True,
        valid_from=SECTION_71_IN_FORCE,
        note="At least once in every twelve months. The public notice, not the private contract performance notice of "
        f"the NHS Standard Contract. In force since 1 January 2026: {CONFIRM[0].lower()}{CONFIRM[1:]}",
    ),
    DutyRow(
        Regime.PA2023_FULL, Cause.POOR_PERFORMANCE, "uk9", "Publish the contract performance notice (UK9) of failure",
        f"{_ACT}, section 71(3) to (5)", days=30, valid_from=SECTION_71_IN_FORCE,
        note="Where performance does not satisfy after a proper opportunity to improve, or a breach ended in part of "
        f"the contract, damages or a settlement. {CONFIRM}",
    ),
    # light touch
    DutyRow(
        Regime.PA2023_LIGHT_TOUCH, Cause.STARTED, "uk7", _UK7, f"{_ACT}, section 53(1)", days=120,
        note=f"Within 120 days of entering into a light touch contract; counted here from its start. {CONFIRM}",
    ),
    DutyRow(
        Regime.PA2023_LIGHT_TOUCH, Cause.STARTED, "copy", _COPY, f"{_ACT}, section 53(3)", days=180,
        contract_value_above=_FIVE_MILLION,
        note=f"Contracts over £5 million, within 180 days of entering into a light touch contract. {CONFIRM}",
    ),
    DutyRow(
        Regime.PA2023_LIGHT_TOUCH, Cause.ENDED, "uk11", _UK11, f"{_ACT}, section 80", days=30,
        note=f"Within 30 days of the end by whatever means, running out included. {CONFIRM}",
    ),
    # below threshold
    DutyRow(
        Regime.PA2023_BELOW_THRESHOLD, Cause.STARTED, "uk7", _UK7, f"{_ACT}, section 87",
        note=f"As soon as reasonably practicable, for a notifiable contract. {CONFIRM}",
    ),
    # Provider Selection Regime
    DutyRow(
        Regime.PSR, Cause.STARTED, "psr-standstill",
        "Hold the standstill after the notice of the intention to award", f"{_PSR} 12", days=-8, is_working_days=True,
        note="Direct award process C, most suitable provider and competitive process only: it ends no earlier than "
        "midnight at the end of the eighth working day after publication; after representations, five working days "
        "more from the further decision. Counted back here from the start.",
    ),
    DutyRow(
        Regime.PSR, Cause.STARTED, "psr-award", "Publish the notice of the award", f"{_PSR} 6 to 11", days=30,
        note=f"Within 30 days of entering into the contract; counted here from its start. {CONFIRM}",
    ),
    *(_psr_modified(cause) for cause in _CHANGES),
    *(_psr_urgent(cause) for cause in _CHANGES),
    # Public Contracts Regulations
    DutyRow(
        Regime.PCR2015, Cause.STARTED, "award", "Publish the contract award notice",
        "Public Contracts Regulations 2015, regulation 50", days=30, note=CONFIRM,
    ),
    *(_reg_72(cause) for cause in (*_CHANGES, Cause.NOVATED)),
    DutyRow(
        Regime.PCR2006, Cause.STARTED, "award", "Publish the contract award notice",
        "Public Contracts Regulations 2006, regulation 32", days=48, note=CONFIRM,
    ),
)  # fmt: skip


def ground_error(*, ground_regime: str, regime: str, is_in_use: bool) -> str | None:
    """The sentence for a ground that is not of the contract's own law."""
    if regime == Regime.UNKNOWN:
        return REGIME_FIRST
    if ground_regime != regime:
        return f"This ground is not one of the contract’s own regime, {Regime(regime).label}."
    return None if is_in_use else "This ground is no longer in use."
