"""The readings of a month: entered by the contract's own people, or by its provider where it reports them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.gate import gate
from commissioning.kept_form import forget_kept, kept_form
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.forms.kpi_readings import ReadingsForm, typed_words, versions_seen
from contracts.models import KpiReading
from contracts.queries.closing import closed_review, closed_words
from contracts.queries.kpis import KpiLine, evidence_in, kpi_lines
from contracts.queries.standing_in import acting_for
from contracts.rules.evidence import fits_words
from contracts.rules.returns import month_start, next_month, previous_month
from contracts.services.kpi_readings import save_readings
from contracts.templatetags.marks import monthname
from contracts.views.kpi_loading import ReportedMonth, load_month
from contracts.views.return_conflict import moment_words


@gate(Permission.VIEW_CONTRACTS, load=load_month)
def kpi_readings(request: HttpRequest, of: ReportedMonth) -> HttpResponse:
    as_provider = of.speaks_for_provider(scope_of(request.user))
    lines = kpi_lines(of.contract, of.month)
    if request.method != "POST":
        kept = kept_form(request)
        form = ReadingsForm(kept, lines=lines, as_provider=as_provider)
        return _page(request, of, lines, form, is_kept=kept is not None)
    forget_kept(request)
    form = ReadingsForm(request.POST, lines=lines, as_provider=as_provider)
    if not form.is_valid():
        return _page(request, of, lines, form)
    absent = None if as_provider else acting_for(of.contract, signed_in(request))
    try:
        saved = save_readings(
            contract=of.contract,
            month=of.month,
            entries=form.entries(),
            by=signed_in(request),
            absent=absent,
            as_provider=as_provider,
        )
    except Conflict as conflict:
        return _show_conflict(request, of, form, conflict.current, as_provider=as_provider)
    except ValidationError as refused:
        form.take(refused)
        return _page(request, of, lines, form)
    messages.success(request, _saved_words(of, saved))
    return redirect(of.contract.address_in_unit("kpi_readings", of.month))


def _saved_words(of: ReportedMonth, saved: list[KpiReading]) -> str:
    if not saved:
        return f"Nothing was changed: the readings of {monthname(of.month)} say this already."
    return f"{len(saved)} reading{'' if len(saved) == 1 else 's'} of {monthname(of.month)} saved."


@dataclass(frozen=True)
class ComparedReading:
    """What somebody else saved of one KPI, beside what was typed."""

    name: str
    theirs: str
    who: str
    yours: str


def _show_conflict(
    request: HttpRequest,
    of: ReportedMonth,
    form: ReadingsForm,
    newer: dict[int, KpiReading | None],
    *,
    as_provider: bool,
) -> HttpResponse:
    """Both in one table, and what was typed still in the form: pressed again, it goes over what has been seen."""
    lines = kpi_lines(of.contract, of.month)
    compared = [_compared(row.line, newer[row.line.kpi.pk], typed_words(row)) for row in form.rows
                if row.line.kpi.pk in newer]  # fmt: skip
    typed = request.POST.copy()
    for name, version in versions_seen(newer).items():
        typed[name] = version
    form = ReadingsForm(typed, lines=lines, as_provider=as_provider)
    return _page(request, of, lines, form, compared=compared, status=409)


def _compared(line: KpiLine, row: KpiReading | None, yours: str) -> ComparedReading:
    if row is None:
        return ComparedReading(line.kpi.name, "Taken out", "Somebody", yours)
    theirs = "Nothing to count" if row.nothing_to_count else line.words_of(row.value)
    who = row.saved_by.short_name if row.saved_by else "The system"
    return ComparedReading(line.kpi.name, theirs, f"{who}, {moment_words(row.saved_at)}", yours)


def _page(
    request: HttpRequest, of: ReportedMonth, lines: list[KpiLine], form: ReadingsForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    closed = closed_review(of.contract.unit_id, of.month)
    rows = {row.line.kpi.pk: row for row in form.rows} if closed is None else {}
    evidence = evidence_in(lines)
    later = next_month(of.month)
    context = {
        "contract": of.contract,
        "month": of.month,
        "before": previous_month(of.month),
        "later": later if later < month_start(clock.today()) else None,
        "form": form,
        "rows": [(line, rows.get(line.kpi.pk)) for line in lines],
        "asked": len(rows),
        "missing": sum(line.is_missing for line in lines),
        "evidence": evidence,
        "fits": fits_words(evidence),
        "closed_words": closed_words(closed) if closed else "",
        "as_provider": of.speaks_for_provider(scope_of(request.user)),
    }
    return render(request, "contracts/kpi_readings.html", context | more, status=status)
