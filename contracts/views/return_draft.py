"""A return's draft that keeps itself while it is typed; the page's own script asks, the words answer in its status."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import clock
from accounts.models import User
from contracts.choices import ReturnState
from contracts.forms.monthly_return import MonthlyReturnForm
from contracts.models import MonthlyReturn
from contracts.queries.monthly_return import ReturnPage
from contracts.services.conflict import Conflict
from contracts.services.returns import Figures, figures_of, save_draft
from contracts.views.return_conflict import conflict_with


def keep_draft(request: HttpRequest, page: ReturnPage, form: MonthlyReturnForm) -> HttpResponse:
    """Save what can be saved, or say why not; nothing newer is overwritten and nothing submitted becomes a draft."""
    if not form.is_valid():
        return _note(request, refused=[message for messages in form.errors.values() for message in messages])
    figures, version = form.figures(), form.cleaned_data["version"]
    if page.row is not None and _holds_already(page.row, figures, version):
        return _note(request, row=page.row)
    try:
        row = save_draft(
            contract=page.of.contract,
            month=page.of.month,
            figures=figures,
            version=version,
            by=cast(User, request.user),
        )
    except Conflict as conflict:
        newer = conflict_with(conflict.current, None, reader=cast(User, request.user))
        return _note(request, status=409, conflict=newer)
    except ValidationError as refused:
        return _note(request, refused=refused.messages)
    return _note(request, row=row)


def _holds_already(row: MonthlyReturn, figures: Figures, version: int) -> bool:
    """Leaving a field says again what was saved while typing in it: no second entry in the history."""
    is_the_draft = row.state == ReturnState.DRAFT and row.version == version
    return is_the_draft and figures_of(row) == figures.as_stored()


def _note(request: HttpRequest, *, status: int = 200, **said: Any) -> HttpResponse:
    return render(request, "contracts/return_draft.html", said | {"today": clock.today()}, status=status)
