"""One monthly return, as it is entered."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts import clock
from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.kept_form import forget_kept, kept_form
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.choices import ReturnState
from contracts.forms.kpi_fields import kpi_initial
from contracts.forms.monthly_return import MonthlyReturnForm, initial_of
from contracts.forms.return_steps import step_fields, step_rows, step_updates
from contracts.models import MonthlyReturn
from contracts.queries.kpis import KpiLine
from contracts.queries.monthly_return import (
    ContractMonth,
    LeftToReturn,
    ReturnPage,
    left_to_return,
    next_after,
    return_page,
)
from contracts.queries.return_kpis import KpisOfReturn
from contracts.rules.jet import scale_on
from contracts.rules.returns import month_end
from contracts.services.return_steps import step_faults
from contracts.services.returns import (
    month_fault,
    save_draft,
    submission_faults,
    submit_return,
)
from contracts.templatetags.marks import monthname
from contracts.views.return_conflict import ReturnConflict, conflict_with, versions_of
from contracts.views.return_draft import keep_draft
from contracts.views.return_loading import load_return, return_address
from contracts.views.return_read import show_return


@gate(Permission.RETURN_CONTRACTS, load=load_return)
def monthly_return(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    page = return_page(of, by=signed_in(request))
    fault = month_fault(contract=of.contract, month=of.month)
    if page.row is None and fault:
        raise Http404(fault)
    if request.method == "POST":
        forget_kept(request)
        return _save(request, page)
    kept = kept_form(request)
    if kept is not None:
        return _show_kept(request, page, kept)
    if page.row is not None and page.row.counts and not _wants_to_change(request, page):
        return show_return(request, page)
    return _form(request, page, _form_of(page, initial=initial_of(page.row) | kpi_initial(page.kpis)))


def _show_kept(request: HttpRequest, page: ReturnPage, kept: QueryDict) -> HttpResponse:
    """What was typed when the session ended: in the form again, beside what somebody else saved meanwhile."""
    seen = versions_of(page)
    form = _form_of(page, initial=kept.dict() | seen)
    newer = any(kept.get(name, "0") != version for name, version in seen.items())
    lines = _lines_typed(page, kept)
    reader = signed_in(request)
    conflict = conflict_with(page.row, form, reader=reader, kpis=page.kpis, typed=lines) if newer else None
    return _form(request, page, form, lines=lines, conflict=conflict, is_kept=True)


def _lines_typed(page: ReturnPage, typed: QueryDict) -> list[KpiLine]:
    """The KPIs with what was typed, whether or not all of it can be saved."""
    form = _form_of(page, typed)
    form.is_valid()
    return form.typed_lines()


def _form_of(page: ReturnPage, *args: Any, **options: Any) -> MonthlyReturnForm:
    """With the reason for an amendment where the month is closed."""
    is_closed = page.closed is not None
    return MonthlyReturnForm(
        *args,
        narrative_hint=page.narrative_hint,
        is_closed=is_closed,
        kpis=page.kpis,
        more=step_fields(page.steps),
        **options,
    )


def _wants_to_change(request: HttpRequest, page: ReturnPage) -> bool:
    """What was submitted may be changed until it is accepted; once the month is closed anything is amended."""
    if "change" not in request.GET or page.row is None:
        return False
    return page.row.state == ReturnState.SUBMITTED or page.is_amended_only


def _save(request: HttpRequest, page: ReturnPage) -> HttpResponse:
    """Keep, submit, or say why not: with what was typed still in the form."""
    if "copy" in request.POST:
        return _form(request, page, _with_last_words(request, page), lines=_lines_typed(page, request.POST))
    form = _form_of(page, request.POST)
    if request.headers.get("HX-Request"):
        return keep_draft(request, page, form)
    left = left_to_return(request.user, month=page.of.month, unit=current_unit(request))
    intent = request.POST.get("do", "draft")
    submits = intent in ("submit", "next")
    is_valid = form.is_valid()
    steps = step_updates(form.cleaned_data, page.steps)
    if not is_valid:
        if submits:
            form.take_too(step_faults(steps, [shown.step for shown in page.steps]))
            form.take_too(
                submission_faults(
                    contract=page.of.contract,
                    month=page.of.month,
                    figures=form.figures_chosen(),
                    lines=form.typed_lines(),
                    readings=form.entries(),
                )
            )
        return _form(request, page, form, left=left)
    reason = {"reason": form.cleaned_data.get("reason", "")} if submits else {}
    write: Callable[..., MonthlyReturn] = submit_return if submits else save_draft
    try:
        write(
            contract=page.of.contract,
            month=page.of.month,
            figures=form.figures(),
            version=form.cleaned_data["version"],
            by=signed_in(request),
            readings=form.entries(),
            steps=steps,
            **reason,
        )
    except Conflict:
        return _show_conflict(request, page.of)
    except ValidationError as refused:
        form.take(refused)
        return _form(request, page, form, left=left)
    return _saved(request, page, intent, next_after(left, page.of.contract.pk))


def _with_last_words(request: HttpRequest, page: ReturnPage) -> MonthlyReturnForm:
    """Last month's wording under what was typed; nothing is saved. Scripts do the same without asking the server."""
    typed = request.POST.dict()
    words = [typed.get("narrative", "").strip(), page.last.narrative if page.last else ""]
    return _form_of(page, initial=typed | {"narrative": "\n".join(filter(None, words))})


def _saved(request: HttpRequest, page: ReturnPage, intent: str, following: LeftToReturn | None) -> HttpResponse:
    title = page.of.contract.title
    if intent not in ("submit", "next"):
        messages.success(request, f"Draft saved: {title}. It counts once you submit it.")
        return redirect(request.get_full_path())
    done = "amended" if page.closed else "submitted"
    behalf = f" for {page.absent.name}" if page.absent else ""
    messages.success(request, f"{monthname(page.of.month)} return {done}{behalf}: {title}.")
    if intent == "next" and following:
        return redirect(return_address(page.of.month, following.slug, following.unit_code))
    return redirect("worklist", page.of.month)


def _show_conflict(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    """The newer return beside what was typed; the next press carries the version that has now been seen."""
    page = return_page(of, by=signed_in(request))
    typed = request.POST.copy()
    for name, version in versions_of(page).items():
        typed[name] = version
    form = _form_of(page, typed)
    form.is_valid()
    conflict = conflict_with(page.row, form, reader=signed_in(request), kpis=page.kpis, typed=form.typed_lines())
    if page.row is not None and page.row.state == ReturnState.ACCEPTED and not page.closed:
        return show_return(request, page, conflict=conflict, status=409)
    return _form(request, page, form, conflict=conflict, status=409)


def _form(
    request: HttpRequest,
    page: ReturnPage,
    form: MonthlyReturnForm,
    *,
    lines: Sequence[KpiLine] | None = None,
    left: list[LeftToReturn] | None = None,
    conflict: ReturnConflict | None = None,
    is_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    if left is None:
        left = left_to_return(request.user, month=page.of.month, unit=current_unit(request))
    numbers = [row.pk for row in left]
    contract = page.of.contract
    scale = scale_on(month_end(page.of.month))
    if lines is None:
        lines = form.typed_lines() if form.is_bound else page.kpis
    kpis = KpisOfReturn(lines, page.of.month)
    context = {
        "page": page,
        "contract": contract,
        "form": form,
        "scale": scale,
        "risk_buttons": form.risk_buttons(contract.unit),
        "jet_table": form.jet_table(scale),
        "kpis": kpis,
        "sides": page.side_lines,
        "scorecard": page.scorecard,
        "kpi_rows": form.kpi_rows(kpis),
        "step_rows": step_rows(form, page.steps),
        "needs_reason": kpis.reason_words(scale),
        "conflict": conflict,
        "is_kept": is_kept,
        "left_count": len(left),
        "place_in_list": numbers.index(contract.pk) + 1 if contract.pk in numbers else None,
        "has_next": next_after(left, contract.pk) is not None,
        "today": clock.today(),
    }
    return render(request, "contracts/return.html", context, status=status)
