"""The calendar-month rule of rules/terms.py as the database computes it."""

from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Coalesce, Least


class AddMonths(Func):
    """A date moved by calendar months; the last day of a month stays the last (SQL function of the migration)."""

    function = "contract_add_months"
    output_field = models.DateField()


class DaysBefore(Func):
    """A date some whole days earlier."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = models.DateField()


def term_end(months: str | Func) -> Func:
    """The initial end moved by months of extension, or the day notice ends the contract if that is earlier."""
    extended = AddMonths(F("initial_end"), F(months) if isinstance(months, str) else months)
    return Least(Coalesce(F("notice_ends_on"), extended), extended)


def notice_day() -> Func:
    """The last day to give notice before the effective end."""
    return AddMonths(term_end("exercised_months"), Func(F("notice_months"), template="(-%(expressions)s)"))


def decision_day() -> Func:
    """The day by which the unit decides: some days before notice must be given."""
    return DaysBefore(notice_day(), F("decision_lead_days"))
