"""The filters of the columns that are asked for less often: words, amounts and days from and to, last month's view."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from contracts.choices import ProcurementRegime, Risk
from contracts.models import PlanStep
from contracts.rules.jet import JET_BANDS
from reporting.queries.matching import is_provided_by
from reporting.queries.register_fields import AnyNumber, AnyOf, Day, Pounds
from reporting.queries.words import NO_VIEW, NOT_ASSESSED_CODE
from reporting.rules.search import typed

GRADES: Final = (*((code, words) for code, words, _, _ in JET_BANDS), (NOT_ASSESSED_CODE, "Not assessed"))
WAS_RISKS: Final = ((Risk.RED, "Red"), (Risk.AMBER, "Amber"), (Risk.GREEN, "Green"), (NO_VIEW, "Not returned"))
OPTIONS: Final = (
    ("left", "Option left"),
    ("used", "No option left"),
    ("none", "No option"),
    ("notice", "Notice given"),
)

#: The choices of these filters, by their names in addresses. They are not counted: each would split every count.
MORE_CHOICES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "was_risk": WAS_RISKS,
    "was_jet": GRADES,
    "options": OPTIONS,
    "steps": (("overdue", "Steps overdue"),),
    "regime": tuple((value, str(label)) for value, label in ProcurementRegime.choices),
}


@dataclass(frozen=True)
class Bound:
    """One end of a range: its name in addresses, the field, and its words in the panel and among what is selected."""

    name: str
    lookup: str
    label: str
    words: str


AMOUNTS: Final = (
    Bound("value_from", "annual_value__gte", "Yearly value from", "Yearly value from"),
    Bound("value_to", "annual_value__lte", "Yearly value to", "Yearly value to"),
    Bound("whole_from", "whole_life_value__gte", "Whole-life value from", "Whole-life value from"),
    Bound("whole_to", "whole_life_value__lte", "Whole-life value to", "Whole-life value to"),
)
DAYS: Final = (
    Bound("start_from", "start__gte", "Starts from", "Starts from"),
    Bound("start_to", "start__lte", "Starts to", "Starts to"),
    Bound("ends_from", "effective_end__gte", "Term ends from", "Term ends from"),
    Bound("ends_to", "effective_end__lte", "Term ends to", "Term ends to"),
    Bound("max_from", "maximum_end__gte", "Latest possible end from", "Latest end from"),
    Bound("max_to", "maximum_end__lte", "Latest possible end to", "Latest end to"),
)
WORDS: Final = (
    Bound("name", "title__icontains", "Words in name", "Name"),
    Bound("provider_name", "", "Words in provider", "Provider"),
    Bound("reference", "reference__icontains", "Words in reference", "Reference"),
    Bound("area_name", "service_area__name__icontains", "Words in service area", "Service area"),
    Bound("officer_name", "officer__name__icontains", "Words in contract officer", "Officer"),
    Bound("manager_name", "service_manager__name__icontains", "Words in service manager", "Service manager"),
    Bound("unit_name", "unit__name__icontains", "Words in unit", "Unit"),
)
LOOKUPS: Final = {bound.name: bound.lookup for bound in (*AMOUNTS, *DAYS, *WORDS)}


@lru_cache(maxsize=32)
def more_conditions(today: datetime.date) -> dict[str, dict[str, Q]]:
    """On contracts ``with_view``, as those of the other filters."""
    running = Q(notice_given_on=None)
    graded = {code: Q(was_jet__isnull=False, was_jet__range=(low, high)) for code, _, low, high in JET_BANDS}
    return {
        "was_risk": {risk: Q(was_risk=risk) for risk in Risk.values} | {NO_VIEW: Q(was_risk="")},
        "was_jet": graded | {NOT_ASSESSED_CODE: ~Q(was_risk="") & Q(was_jet=None)},
        "options": {
            "left": running & Q(option_months__gt=F("exercised_months")),
            "used": running & Q(option_months__gt=0, option_months__lte=F("exercised_months")),
            "none": running & Q(option_months=0),
            "notice": ~running,
        },
        "steps": {"overdue": Q(Exists(_overdue_steps(today)))},
        "regime": {code: Q(procurement_regime=code) for code in ProcurementRegime.values},
    }


def _overdue_steps(today: datetime.date) -> QuerySet[PlanStep]:
    """As of today, whatever the month: how a step stood earlier is not kept."""
    return PlanStep.objects.overdue_now(today).filter(contract=OuterRef("pk"))


def _choice(name: str) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(choices=MORE_CHOICES[name], method="by_condition")


class ColumnFilters(django_filters.FilterSet):
    """Needs ``by_condition`` and ``month`` of the filter that builds on it."""

    month: Any

    name = django_filters.CharFilter(method="by_text", max_length=100)
    provider_name = django_filters.CharFilter(method="by_provider_name", max_length=100)
    reference = django_filters.CharFilter(method="by_text", max_length=60)
    area_name = django_filters.CharFilter(method="by_text", max_length=100)
    officer_name = django_filters.CharFilter(method="by_text", max_length=100)
    manager_name = django_filters.CharFilter(method="by_text", max_length=100)
    unit_name = django_filters.CharFilter(method="by_text", max_length=100)
    value_from = Pounds(method="by_bound")
    value_to = Pounds(method="by_bound")
    whole_from = Pounds(method="by_bound")
    whole_to = Pounds(method="by_bound")
    start_from = Day(method="by_bound")
    start_to = Day(method="by_bound")
    ends_from = Day(method="by_bound")
    ends_to = Day(method="by_bound")
    max_from = Day(method="by_bound")
    max_to = Day(method="by_bound")
    notice = Day(method="by_notice")
    was_risk = _choice("was_risk")
    was_jet = _choice("was_jet")
    options = _choice("options")
    steps = _choice("steps")
    regime = _choice("regime")
    manager = AnyNumber(method="by_manager")
    unit = AnyOf(method="by_unit")

    def by_text(self, name: str, text: str) -> Q:
        """Every word of the text."""
        wanted = Q()
        for word in text.split():
            wanted &= Q(**{LOOKUPS[name]: word})
        return wanted

    def by_provider_name(self, name: str, text: str) -> Q:
        return is_provided_by(typed(text))

    def by_bound(self, name: str, value: Any) -> Q:
        return Q(**{LOOKUPS[name]: value})

    def by_notice(self, name: str, day: datetime.date) -> Q:
        """Notice can still be given, and must be by the day: where it has been given there is none to give."""
        return Q(notice_given_on=None, notice_by__range=(self.month.as_at, day))

    def by_manager(self, name: str, people: list[str]) -> Q:
        return Q(service_manager_id__in=[int(person) for person in people])

    def by_unit(self, name: str, codes: list[str]) -> Q:
        return Q(unit__code__in=codes)
