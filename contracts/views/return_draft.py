"""A return's draft that keeps itself while it is typed; the page's own script asks, the words answer in its status."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import clock
from accounts.forms_renderer import GovukBoundField
from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import ReturnState
from contracts.forms.monthly_return import MonthlyReturnForm
from contracts.queries.monthly_return import ReturnPage, return_page
from contracts.queries.return_kpis import KpisOfReturn
from contracts.rules.jet import scale_on
from contracts.rules.returns import month_end
from contracts.services.return_kpis import entry_of
from contracts.services.returns import Figures, figures_of, save_draft
from contracts.views.return_conflict import conflict_with, versions_of


def keep_draft(request: HttpRequest, page: ReturnPage, form: MonthlyReturnForm) -> HttpResponse:
    """Save what can be saved, or say why not; nothing newer is overwritten and nothing submitted becomes a draft.

    The answer brings what the page's KPIs say now: which grades they fit, how many are still to enter.
    """
    if not form.is_valid():
        return _note(request, refused=_messages(form))
    by, version = cast(User, request.user), form.cleaned_data["version"]
    figures, kpis = form.figures(), KpisOfReturn(form.typed_lines(), page.of.month)
    if _holds_already(page, figures.beside(kpis.evidence), version, form):
        return _note(request, row=page.row, **_said_of(page, kpis))
    try:
        row = save_draft(
            contract=page.of.contract,
            month=page.of.month,
            figures=figures,
            version=version,
            by=by,
            readings=form.entries(),
        )
    except Conflict:
        now = return_page(page.of, by=by)
        return _note(request, status=409, conflict=conflict_with(now.row, None, reader=by, kpis=now.kpis))
    except ValidationError as refused:
        form.take(refused)
        return _note(request, refused=_messages(form))
    saved = return_page(page.of, by=by)
    return _note(request, row=row, **_said_of(saved, KpisOfReturn(saved.kpis, page.of.month)))


def _messages(form: MonthlyReturnForm) -> list[str]:
    """All that is wrong, as the summary of errors says it."""
    of_fields = [message for field in form for message in cast(GovukBoundField, field).messages]
    return [*map(str, form.non_field_errors()), *of_fields]


def _said_of(page: ReturnPage, kpis: KpisOfReturn) -> dict[str, Any]:
    """What the parts of the page outside its status line show."""
    scale = scale_on(month_end(page.of.month))
    return {
        "kpis": kpis,
        "scale": scale,
        "needs_reason": kpis.reason_words(scale),
        "versions": {name: version for name, version in versions_of(page).items() if name != "version"},
    }


def _holds_already(page: ReturnPage, figures: Figures, version: int, form: MonthlyReturnForm) -> bool:
    """Leaving a field says again what was saved while typing in it: no second entry in the history."""
    row = page.row
    if row is None or row.state != ReturnState.DRAFT or row.version != version:
        return False
    if figures_of(row) != figures.as_stored():
        return False
    stored = {line.kpi.pk: entry_of(line) for line in page.kpis}
    return all(entry == stored[entry.kpi_id] for entry in form.entries())


def _note(request: HttpRequest, *, status: int = 200, **said: Any) -> HttpResponse:
    return render(request, "contracts/return_draft.html", said | {"today": clock.today()}, status=status)
