"""The thirteen service reviews of the paper: «a number of services are due to end from March 2015 through to September
2015» (Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September 2014). How far each has
come, its options and its documents are invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from contracts.choices import ElementState, Horizon, ReviewElementKind, Sourcing
from contracts.models import Contract, ReviewedContract, ReviewElement, ReviewOption, ServiceReview

from .named import UNDER_REVIEW

PLANNED_MONTHS: Final = 36
PLANNED_OPTIONS: Final = [12, 12]
"""«Three years with an option to extend for two 12 month periods giving a total possible contract lengths of five
years».
"""
OPENED: Final = date(2014, 6, 9)

_STATES: Final = {
    "d": ElementState.DONE,
    "u": ElementState.UNDER_WAY,
    "n": ElementState.NOT_STARTED,
    "-": ElementState.NOT_NEEDED,
}
_DONE_ON: Final = (date(2014, 8, 15), date(2014, 9, 26), date(2014, 10, 10), date(2014, 10, 31), date(2014, 11, 3))
_PLANNED_FOR: Final = (
    date(2014, 11, 28), date(2014, 12, 12), date(2015, 1, 9), date(2014, 11, 19), date(2015, 1, 6),
)  # fmt: skip

#: For each service: how far its elements are, in their order, and whether it is on the scrutiny forward plan.
PROGRESS: Final[dict[str, tuple[str, bool]]] = {
    "Leaving Care": ("dduun", True),
    "CAMHS": ("dduun", True),
    "Youth Housing": ("duuun", True),
    "Domiciliary Care for CWD": ("dddun", True),
    "Short breaks for CWD": ("dduun", True),
    "Solutions 4": ("duunn", False),
    "Outreach Support Service": ("duunn", False),
    "Family Support": ("dddun", True),
    "Adoption support": ("dddd-", False),
    "Locality commissioning": ("duunn", True),
    "School Improvement Service": ("uunnn", False),
    "LAC & SEND Placements": ("dunnn", True),
    "Regional developments": ("un-nn", False),
}


@dataclass(frozen=True)
class OptionPlan:
    title: str
    horizon: Horizon
    benefits: str
    disbenefits: str
    is_recommended: bool = False


OPTIONS: Final[dict[str, tuple[OptionPlan, ...]]] = {
    "CAMHS": (
        OptionPlan("Exercise the first option to extend", Horizon.SHORT, "Waits go on falling under the agreed plan.",
                   "Two clinician posts have been empty since spring.", True),
        OptionPlan("Open a procurement now", Horizon.SHORT, "A new start on access.",
                   "No provider of this size in the county is known; waits would grow meanwhile."),
        OptionPlan("One contract for all tiers, let with the four CCGs", Horizon.LONG,
                   "One front door for schools and GPs.", "Needs a pooled budget that is not agreed.", True),
    ),
    "Adoption support": (
        OptionPlan("Let again for three years with two options", Horizon.LONG, "Stability for the market.",
                   "Little competition.", True),
        OptionPlan("Bring in-house", Horizon.LONG, "Closer to the adoption team.", "Pension and premises costs."),
    ),
}  # fmt: skip
DECIDED: Final = "Adoption support"


def write_service_reviews(unit: CommissioningUnit, contracts: Sequence[Contract], *, by: User) -> None:
    """Each review names the contracts of its service that end in its months."""
    with act("Service review opened", by=by):
        for name in UNDER_REVIEW:
            _write_review(unit, name, [row for row in contracts if _is_of(row, name)], by=by)


def _is_of(contract: Contract, name: str) -> bool:
    return contract.title.lower().startswith(name.lower())


def _write_review(unit: CommissioningUnit, name: str, contracts: Sequence[Contract], *, by: User) -> None:
    ends = [row.effective_end for row in contracts if row.effective_end]
    states, on_forward_plan = PROGRESS[name]
    is_decided = name == DECIDED
    review = ServiceReview.objects.create(
        unit=unit,
        title=name,
        service_area=contracts[0].service_area,
        why="The service ends between March and September 2015.",
        lead=by,
        opened_on=OPENED,
        ends_on=min(ends),
        is_on_forward_plan=on_forward_plan,
        planned_months=PLANNED_MONTHS,
        planned_options=PLANNED_OPTIONS,
        sourcing=Sourcing.CONTRACT if is_decided else "",
        decided_on=date(2014, 11, 3) if is_decided else None,
        decision_words="Assistant Director, under delegated authority: the market is small but sound." * is_decided,
        recorded_by=by if is_decided else None,
    )
    ReviewedContract.objects.bulk_create(ReviewedContract(review=review, contract=row) for row in contracts)
    ReviewElement.objects.bulk_create(
        ReviewElement(review=review, kind=kind, state=_STATES[letter], on=_day(letter, place))
        for place, (kind, letter) in enumerate(zip(ReviewElementKind, states, strict=True))
    )
    ReviewOption.objects.bulk_create(
        ReviewOption(
            review=review,
            position=position,
            title=option.title,
            horizon=option.horizon,
            benefits=option.benefits,
            disbenefits=option.disbenefits,
            is_recommended=option.is_recommended,
        )
        for position, option in enumerate(OPTIONS.get(name, ()), start=1)
    )


def _day(letter: str, place: int) -> date | None:
    if letter == "d":
        return _DONE_ON[place]
    return _PLANNED_FOR[place] if letter == "u" else None
