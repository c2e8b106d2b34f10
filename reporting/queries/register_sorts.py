"""The ways to sort a register: one for every column that has an order, each both ways."""

from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower

from contracts.choices import Management, ProcurementRegime, ReturnState, Risk
from reporting.queries.register_filter import STATUSES

WORST_FIRST: Final = [Risk.RED.value, Risk.AMBER.value, "", Risk.GREEN.value]
"""What has no view stands before green, because nobody knows that it is well."""


def _severity(name: str) -> Func:
    """The place in that list, and no choice of cases: what a risk follows from is worked out once, not for each."""
    worst_first = Value(WORST_FIRST, ArrayField(TextField()))
    return Func(worst_first, F(name), function="ARRAY_POSITION", output_field=IntegerField())


def _in_order_of(name: str, codes: Any) -> Case:
    """In the order in which the choices are offered."""
    places = [When(**{name: code}, then=Value(place)) for place, code in enumerate(codes)]
    return Case(*places, default=Value(len(places)), output_field=IntegerField())


SEVERITY: Final = _severity("risk")


@dataclass(frozen=True)
class Sort:
    """One way to sort: the words of the list on phones, of the sentence above the table, and its order.

    ``needs`` names the annotations of ``register_columns`` that the order reads: a subquery in the order itself
    would lose its tables where the list is a part of another query.
    """

    code: str
    label: str
    words: str
    order: tuple[Any, ...]
    direction: str
    needs: tuple[str, ...] = ()

    @property
    def reverse(self) -> "Sort":
        first, *rest = self.order
        other = "descending" if self.direction == "ascending" else "ascending"
        # what is not known stays last, whichever way it is sorted
        turned = OrderBy(first.expression, descending=not first.descending, nulls_last=True)
        return replace(
            self, code=f"-{self.code}", words=f"{self.words}, reversed", order=(turned, *rest), direction=other
        )


def _up(name: str) -> Any:
    return F(name).asc(nulls_last=True)


def _down(name: str) -> Any:
    return F(name).desc(nulls_last=True)


def _months_left() -> Any:
    """Nothing is left to use once notice is given."""
    left = Case(When(notice_given_on=None, then=F("option_months") - F("exercised_months")), default=None)
    return left.desc(nulls_last=True)


def _return_state() -> Any:
    """What is missing first, what was not asked last."""
    return Case(
        When(Q(is_due=False), then=Value(3)),
        When(Q(is_returned=False), then=Value(0)),
        When(return_state=ReturnState.SUBMITTED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    ).asc()


_TITLE: Final = Lower("title").asc()
_UP, _DOWN = "ascending", "descending"
_STATUS: Final = _in_order_of("status_code", [code for code, _ in STATUSES])

SORTS: Final = (
    Sort("risk", "Risk, worst first", "worst risk first, then lowest JET",
         (SEVERITY.asc(), _up("jet"), _TITLE), _DOWN),
    Sort("jet", "JET, lowest first", "lowest JET first, then worst risk",
         (_up("jet"), SEVERITY.asc(), _TITLE), _UP),
    Sort("ends", "Term ends, soonest first", "soonest end first", (_up("effective_end"), _TITLE), _UP),
    Sort("value", "Yearly value, largest first", "largest yearly value first", (_down("annual_value"), _TITLE), _DOWN),
    Sort("name", "Name", "by name", (_TITLE,), _UP),
    Sort("area", "Service area", "by service area", (_up("service_area__name"), _TITLE), _UP),
    Sort("officer", "Officer", "by contract officer", (_up("officer__name"), _TITLE), _UP),
    Sort("reference", "Reference", "by reference", (Lower("reference").asc(), _TITLE), _UP),
    Sort("provider", "Provider", "by provider", (_up("first_provider"), _TITLE), _UP, ("first_provider",)),
    Sort("unit", "Unit", "by unit", (_up("unit__name"), _TITLE), _UP),
    Sort("whole", "Whole-life value, largest first", "largest whole-life value first",
         (_down("whole_life_value"), _TITLE), _DOWN),
    Sort("start", "Start, earliest first", "earliest start first", (_up("start"), _TITLE), _UP),
    Sort("max", "Latest possible end, soonest first", "soonest latest possible end first",
         (_up("maximum_end"), _TITLE), _UP),
    Sort("options", "Options, most months left first", "most months of options left first",
         (_months_left(), _TITLE), _DOWN),
    Sort("notice", "Give notice by, soonest first", "soonest day of notice first", (_up("notice_by"), _TITLE), _UP),
    Sort("decide", "Decide by, soonest first", "soonest decision first", (_up("decide_seen"), _TITLE), _UP,
         ("decide_seen",)),
    Sort("was_risk", "Last month’s risk, worst first", "worst risk of last month first",
         (_severity("was_risk").asc(), _up("was_jet"), _TITLE), _DOWN),
    Sort("was_jet", "Last month’s JET, lowest first", "lowest JET of last month first",
         (_up("was_jet"), _severity("was_risk").asc(), _TITLE), _UP),
    Sort("manager", "Service manager", "by service manager", (_up("service_manager__name"), _TITLE), _UP),
    Sort("managed", "Managed", "by who manages",
         (_in_order_of("management", Management.values).asc(), _TITLE), _UP),
    Sort("status", "Status", "by status", (_STATUS.asc(), _TITLE), _UP, ("status_code",)),
    Sort("returned", "This month’s return", "what is not returned first", (_return_state(), _TITLE), _UP,
         ("return_state",)),
    Sort("regime", "Procurement", "by procurement",
         (_in_order_of("procurement_regime", ProcurementRegime.values).asc(), _TITLE), _UP),
)  # fmt: skip
KNOWN_SORTS: Final = {sort.code: sort for sort in SORTS}


def is_known(code: str) -> bool:
    return code.removeprefix("-") in KNOWN_SORTS


def sort_of(code: str | None) -> Sort:
    """The sort an address asks for; the worst risk first where it asks for none that is known."""
    asked = (code or "").removeprefix("-")
    if asked not in KNOWN_SORTS:
        return SORTS[0]
    return KNOWN_SORTS[asked].reverse if code != asked else KNOWN_SORTS[asked]
