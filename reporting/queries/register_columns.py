"""The columns of a register, declared once: for the page, its sorting, the choice of columns and the export."""

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Aggregate, Case, CharField, DateField, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Lower

from accounts.models import User
from commissioning.access import Scope
from commissioning.models import CommissioningUnit
from commissioning.rules import MONTH_NAMES
from contracts.choices import Management, ProcurementRegime, ReturnState, Risk
from contracts.drawing import spark
from contracts.models import ContractProvider, ExtensionOption, MonthlyReturn
from contracts.models.contract import ContractQuerySet
from contracts.templatetags.marks import money, shortdate
from reporting.queries.links import named_unit, unit_name
from reporting.queries.month import ReturnMonth
from reporting.queries.register_filter import status_conditions, status_words
from reporting.queries.sight import sees_plans, with_plans_seen
from reporting.queries.words import counted, jet_cell, jet_value, no_view_age, risk_cell

NOT_KNOWN: Final = "Not known"


@dataclass(frozen=True)
class Situation:
    """Of which month a register speaks, in which unit, and to whom."""

    month: ReturnMonth
    unit: CommissioningUnit | None
    scope: Scope

    @cached_property
    def history(self) -> list[str]:
        """The twelve months as scores are kept by them: «2014-10-01»."""
        return [month.isoformat() for month in self.month.history]


@dataclass(frozen=True)
class Cell:
    """What a cell of the page says, with a quieter line below."""

    text: str = ""
    sub: str = ""


@dataclass(frozen=True)
class Column:
    """One column. ``needs`` are the fields and ANNOTATIONS that a row must carry for it.

    ``cell`` makes what the page shows, ``value`` what a file holds: a date, an amount, a whole number or words. A file
    says less beside it than a page, so that where ``file_needs`` are given its rows carry these alone.
    """

    code: str
    heading: str
    needs: tuple[str, ...]
    cell: Callable[[Any, Situation], Cell]
    value: Callable[[Any, Situation], Any]
    sort: str = ""
    label: str = ""
    is_number: bool = False
    stays_whole: bool = False
    hides: str = ""
    file_needs: tuple[str, ...] | None = None

    @property
    def file_heading(self) -> str:
        return self.label or self.heading


# What rows are read with


def _mine(rows: Any) -> Any:
    return rows.objects.filter(contract=OuterRef("pk"))


def _counting(situation: Situation) -> Any:
    return MonthlyReturn.objects.that_count().filter(contract=OuterRef("pk"), month__lte=situation.month.month)


class _ByMonth(Aggregate):
    """«{"2014-10-01": 5, "2014-11-01": null}» as text: of all ways to send a year of scores the cheapest to make."""

    function = "JSON_OBJECT_AGG"
    output_field = TextField()


def _scores(situation: Situation) -> Cast:
    shown = _counting(situation).filter(month__gte=situation.month.history[0]).order_by().values("contract")
    return Cast(Subquery(shown.values(scores=_ByMonth("month", "jet_score"))), TextField())


def _decide_seen(situation: Situation) -> Cast:
    """Only where the person may know: a provider would read from it, or its order, when the unit decides."""
    seen = Case(When(with_plans_seen(situation.scope), then=F("decide_by")), default=None, output_field=DateField())
    return Cast(seen, DateField())  # where it is seen of no contract it is a bare NULL, by which nothing can be sorted


def _status(situation: Situation) -> Case:
    known = status_conditions(situation.month)
    notice = known.pop("notice_given")
    whens = [When(condition, then=Value(code)) for code, condition in [("notice_given", notice), *known.items()]]
    return Case(*whens, default=Value(""), output_field=CharField())


#: What no field of a contract holds, as an expression over contracts ``with_view``.
ANNOTATIONS: Final[dict[str, Callable[[Situation], Any]]] = {
    "unit_code": lambda situation: named_unit(situation.unit),
    "unit_words": lambda situation: unit_name(situation.unit),
    "provider_names": lambda situation: ArraySubquery(
        _mine(ContractProvider).order_by("position", "pk").values("organisation__name")
    ),
    "first_provider": lambda situation: Subquery(
        _mine(ContractProvider).order_by("position", "pk").values(name=Lower("organisation__name"))[:1]
    ),
    "open_options": lambda situation: ArraySubquery(
        _mine(ExtensionOption).filter(exercised_on=None).order_by("position").values("months")
    ),
    "scores": _scores,
    "last_month": lambda situation: Subquery(_counting(situation).order_by("-month").values("month")[:1]),
    "return_state": lambda situation: F("this_return__state"),
    "decide_seen": _decide_seen,
    "status_code": _status,
}


def carrying(contracts: ContractQuerySet, names: Iterable[str], situation: Situation) -> ContractQuerySet:
    """The contracts with every annotation among the names."""
    return contracts.annotate(**{name: ANNOTATIONS[name](situation) for name in names if name in ANNOTATIONS})


def needs_of(columns: Iterable[Column], *more: str) -> list[str]:
    return list(dict.fromkeys([*more, *(name for column in columns for name in column.needs)]))


def file_needs_of(columns: Iterable[Column]) -> list[str]:
    needs = (column.needs if column.file_needs is None else column.file_needs for column in columns)
    return list(dict.fromkeys(name for each in needs for name in each))


# What cells say


def option_words(row: Any, open_months: Sequence[int]) -> str:
    """«+12 +12 mths», «No option left»"""
    if row.notice_given_on:
        return "Notice given"
    if not open_months:
        return "No option left" if row.option_months else "No option"
    return " ".join(f"+{months}" for months in open_months) + " mths"


def risk_note(row: Any, month: ReturnMonth) -> str:
    """What must be known beside the colour: how old it is, what it was."""
    if not row.is_due:
        return f"No return expected for {month.short_name}"
    if row.view_month is None:
        return no_view_age(row.last_month, month.month)
    if row.view_month != month.month:
        return f"from {MONTH_NAMES[row.view_month.month - 1][:3]}"
    if row.was_risk and row.was_risk != row.risk:
        return f"was {row.was_risk}"
    return ""


def risk_words(row: Any) -> str:
    """A month's view of risk in words, for a file."""
    if not row.is_due:
        return "No return expected"
    return Risk(row.risk).label if row.risk else "No current view"


def _jet_words(risk: str, score: int | None) -> int | str:
    if not risk:
        return ""
    return "Not assessed" if score is None else score


def _returned(row: Any) -> str:
    if row.return_state:
        return ReturnState(row.return_state).label
    return "Not returned" if row.is_due else "No return expected"


def _spark(row: Any, situation: Situation) -> Cell:
    scores = _by_month(row)
    values = [scores.get(month) for month in situation.history]
    known = [value for value in values if value is not None]
    if not known:
        return Cell()
    return Cell(spark(values, label=f"JET from {known[0]} to {known[-1]} over {counted(len(values), 'month')}"))


def _by_month(row: Any) -> dict[str, int | None]:
    return json.loads(row.scores) if row.scores else {}


def _history_words(row: Any, situation: Situation) -> str:
    """The twelve scores, oldest first, with a point where there is none."""
    scores = _by_month(row)
    if not any(scores.values()):
        return ""
    return " ".join(str(scores.get(month) or ".") for month in situation.history)


def providers(names: Sequence[str] | None) -> str:
    """«Willow Homes Ltd and 2 others»: begins with the name that sorting goes by."""
    first, *others = names or [""]
    if others:
        return f"{first} and {counted(len(others), 'other')}"
    return first or "Provider not known"


def _short_name(name: str | None, nobody: str) -> str:
    return User(name=name).short_name if name else nobody


def _written(name: str, *, or_else: str = "") -> dict[str, Any]:
    """A column that shows words as they are stored."""
    return {
        "needs": (name,),
        "cell": lambda row, situation: Cell(getattr(row, name) or or_else),
        "value": lambda row, situation: getattr(row, name) or "",
    }


def _chosen(name: str, choices: Any) -> dict[str, Any]:
    return {
        "needs": (name,),
        "cell": lambda row, situation: Cell(choices(getattr(row, name)).label),
        "value": lambda row, situation: choices(getattr(row, name)).label,
    }


def _amount(name: str) -> dict[str, Any]:
    return {
        "needs": (name,),
        "cell": lambda row, situation: Cell(money(getattr(row, name)) or NOT_KNOWN),
        "value": lambda row, situation: getattr(row, name),
        "is_number": True,
    }


def _day(name: str, *, or_else: str = NOT_KNOWN) -> dict[str, Any]:
    def day(row: Any) -> datetime.date | None:
        found: datetime.date | None = getattr(row, name)
        return found

    return {
        "needs": (name,),
        "cell": lambda row, situation: Cell(shortdate(day(row)) or or_else),
        "value": lambda row, situation: day(row),
        "stays_whole": True,
    }


def _person(name: str, nobody: str) -> dict[str, Any]:
    return {
        "needs": (name,),
        "cell": lambda row, situation: Cell(_short_name(getattr(row, name), nobody)),
        "value": lambda row, situation: getattr(row, name) or "",
        "stays_whole": True,
    }


CONTRACT: Final = Column("contract", "Contract", **_written("title"), sort="name")
_OPTIONS: Final = ("notice_given_on", "option_months", "open_options")

#: In the order in which they are offered; the contract itself always comes first.
COLUMNS: Final[tuple[Column, ...]] = (
    CONTRACT,
    Column("reference", "Reference", **_written("reference"), sort="reference"),
    Column("provider", "Provider", ("provider_names",), sort="provider",
           cell=lambda row, situation: Cell(providers(row.provider_names)),
           value=lambda row, situation: "; ".join(row.provider_names or [])),
    Column("area", "Service area", **_written("service_area__name"), sort="area", hides="jc-hide-s"),
    Column("unit", "Unit", **_written("unit__name"), sort="unit"),
    Column("value", "A year", **_amount("annual_value"), sort="value", label="Yearly value"),
    Column("whole", "Whole life", **_amount("whole_life_value"), sort="whole", label="Whole-life value"),
    Column("start", "Starts", **_day("start"), sort="start"),
    Column("ends", "Term ends", ("effective_end", *_OPTIONS), sort="ends", stays_whole=True,
           cell=lambda row, situation: Cell(shortdate(row.effective_end) or NOT_KNOWN,
                                            option_words(row, row.open_options)),
           value=lambda row, situation: row.effective_end, file_needs=("effective_end",)),
    Column("max", "Latest end", **_day("maximum_end"), sort="max", label="Latest possible end"),
    Column("options", "Options", _OPTIONS, sort="options", stays_whole=True,
           cell=lambda row, situation: Cell(option_words(row, row.open_options)),
           # a cell of a file must not begin with a plus: it would be taken for a formula
           value=lambda row, situation: option_words(row, row.open_options).removeprefix("+").replace(" +", " + ")),
    Column("notice", "Notice by", **_day("notice_by"), sort="notice", label="Give notice by"),
    Column("decide", "Decide by", **_day("decide_seen", or_else=""), sort="decide"),
    Column("risk", "Risk", ("risk", "was_risk", "view_month", "is_due", "last_month"), sort="risk",
           cell=lambda row, situation: Cell(risk_cell(row.risk) if row.is_due else "",
                                            risk_note(row, situation.month)),
           value=lambda row, situation: risk_words(row), file_needs=("risk", "is_due")),
    Column("was_risk", "Last month", ("was_risk",), sort="was_risk", label="Last month’s risk",
           cell=lambda row, situation: Cell(risk_cell(row.was_risk) if row.was_risk else "Not returned"),
           value=lambda row, situation: Risk(row.was_risk).label if row.was_risk else "Not returned"),
    Column("jet", "JET", ("risk", "jet", "was_risk", "was_jet"), sort="jet",
           cell=lambda row, situation: Cell(jet_cell(jet_value(row.risk, row.jet),
                                                     was=jet_value(row.was_risk, row.was_jet))),
           value=lambda row, situation: _jet_words(row.risk, row.jet), file_needs=("risk", "jet")),
    Column("was_jet", "JET last month", ("was_risk", "was_jet"), sort="was_jet", label="Last month’s JET",
           cell=lambda row, situation: Cell(jet_cell(jet_value(row.was_risk, row.was_jet))),
           value=lambda row, situation: _jet_words(row.was_risk, row.was_jet)),
    Column("history", "JET, 12 months", ("scores",), cell=_spark, value=_history_words, hides="jc-hide-s jc-hide-m"),
    Column("officer", "Officer", **_person("officer__name", "No officer"), sort="officer", hides="jc-hide-s"),
    Column("manager", "Service manager", **_person("service_manager__name", ""), sort="manager"),
    Column("managed", "Managed", **_chosen("management", Management), sort="managed"),
    Column("status", "Status", ("status_code",), sort="status",
           cell=lambda row, situation: Cell(status_words(situation.month).get(row.status_code, "")),
           value=lambda row, situation: status_words(situation.month).get(row.status_code, "")),
    Column("returned", "This month’s return", ("return_state", "is_due"), sort="returned",
           cell=lambda row, situation: Cell(_returned(row)), value=lambda row, situation: _returned(row)),
    Column("regime", "Procurement", **_chosen("procurement_regime", ProcurementRegime), sort="regime"),
)  # fmt: skip
BY_CODE: Final = {column.code: column for column in COLUMNS}
STANDARD: Final = ("contract", "area", "value", "ends", "risk", "jet", "history", "officer")


def offered(scope: Scope) -> list[Column]:
    return [column for column in COLUMNS if column.code != "decide" or sees_plans(scope)]


@dataclass(frozen=True)
class ChosenColumns:
    """The columns that an address asks for; those of every day where it asks for none that is known."""

    columns: tuple[Column, ...]
    unknown: tuple[str, ...] = ()
    is_standard: bool = False

    @cached_property
    def codes(self) -> list[str]:
        return [column.code for column in self.columns]

    def __contains__(self, code: str) -> bool:
        return code in self.codes


def columns_of(values: Iterable[str], scope: Scope) -> ChosenColumns:
    """Of ``cols=risk,jet`` or ``cols=risk&cols=jet``, each once and in that order."""
    asked = list(dict.fromkeys(code for value in values for code in value.split(",") if code))
    known = {column.code: column for column in offered(scope)}
    found = [known[code] for code in asked if code in known and code != CONTRACT.code]
    unknown = tuple(code for code in asked if code not in known)
    if not found and CONTRACT.code not in asked:
        return ChosenColumns(tuple(BY_CODE[code] for code in STANDARD), unknown, is_standard=True)
    columns = (CONTRACT, *found)
    return ChosenColumns(columns, unknown, is_standard=tuple(column.code for column in columns) == STANDARD)
