"""Monthly returns: the worklist, one return, and its review."""

import datetime
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit, units_in_sight
from commissioning.gate import gate
from commissioning.kept_form import forget_kept, kept_form
from contracts.choices import ReturnState
from contracts.forms.monthly_return import MonthlyReturnForm, ReviewForm, initial_of
from contracts.models import MonthlyReturn
from contracts.queries.closing import closing_of
from contracts.queries.monthly_return import (
    ContractMonth,
    LeftToReturn,
    ReturnPage,
    contract_month,
    left_to_return,
    months_to_choose,
    next_after,
    return_page,
)
from contracts.queries.review import REVIEW_ORDER_WORDS, left_to_review
from contracts.queries.worklist import OwnWorklist, everyones_worklist, own_worklist
from contracts.rules.jet import scale_on
from contracts.rules.returns import month_end, month_to_return, previous_month
from contracts.services.conflict import Conflict
from contracts.services.returns import (
    accept_return,
    month_fault,
    save_draft,
    send_back_return,
    submission_faults,
    submit_return,
)
from contracts.templatetags.marks import monthname
from contracts.views.return_conflict import ReturnConflict, conflict_with
from contracts.views.return_draft import keep_draft

EVERYONE = "everyone"


def newest_month() -> datetime.date:
    """The month to return now."""
    return month_to_return(clock.today())


def _person(request: HttpRequest) -> User:
    """Behind the gate it is always somebody."""
    return cast(User, request.user)


# The worklist


@gate(Permission.RETURN_CONTRACTS)
def returns(request: HttpRequest) -> HttpResponse:
    """To the month asked for, else to the one to return now."""
    try:
        month = datetime.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = newest_month()
    if month.year // 100 != 20:
        month = newest_month()
    query = f"?show={EVERYONE}" if request.GET.get("show") == EVERYONE else ""
    return redirect(reverse("worklist", args=[month]) + query)


@gate(Permission.RETURN_CONTRACTS)
def worklist(request: HttpRequest, month: datetime.date) -> HttpResponse:
    """One's own returns; for a reviewer everyone's, at once where they have none of their own."""
    if month > newest_month():
        raise Http404(f"{monthname(month)} is not over.")
    may_review = scope_of(request.user).holds(Permission.REVIEW_RETURNS)
    show = request.GET.get("show", "")
    if show == EVERYONE and not may_review:
        raise PermissionDenied(Permission.REVIEW_RETURNS.description)
    if show != EVERYONE:
        own = own_worklist(request.user, month=month, unit=current_unit(request))
        if show == "mine" or not own.is_empty or not may_review:
            return _own(request, own, may_review=may_review)
    return _everyones(request, month)


def _own(request: HttpRequest, own: OwnWorklist, *, may_review: bool) -> HttpResponse:
    context = {"list": own, "may_review": may_review, "shows_everyone": False} | _months(request, own.month)
    return render(request, "contracts/worklist.html", context)


def _everyones(request: HttpRequest, month: datetime.date) -> HttpResponse:
    chosen = {name: request.GET.get(name, "") for name in ("officer", "state")}
    shown = everyones_worklist(
        request.user, month=month, unit=current_unit(request), page=request.GET.get("page", 1), **chosen
    )
    query = urlencode({"show": EVERYONE} | {name: value for name, value in chosen.items() if value})
    context = {"list": shown, "chosen": chosen, "query": query, "may_review": True, "shows_everyone": True}
    return render(request, "contracts/worklist_everyone.html", context | _months(request, month))


def _months(request: HttpRequest, month: datetime.date) -> dict[str, Any]:
    firsts = [unit.first_return_month for unit in units_in_sight(request)]
    known = [first for first in firsts if first is not None]
    return {
        "month": month,
        "closing": closing_of(request.user, month, unit=current_unit(request), units=units_in_sight(request)),
        "last_month": previous_month(month),
        "months": months_to_choose(
            month, newest=newest_month(), first=min(known) if known and len(known) == len(firsts) else None
        ),
    }


# One return


def _load(request: HttpRequest, *, month: datetime.date, slug: str) -> ContractMonth:
    """The address's contract in sight; a post says by its own number which one its page showed."""
    found = contract_month(
        request.user,
        month=month,
        slug=slug,
        unit=current_unit(request),
        unit_code=request.GET.get("unit", ""),
        contract_pk=request.POST.get("contract", ""),
    )
    if found is None:
        raise Http404("No such contract.")
    return found


@gate(Permission.RETURN_CONTRACTS, load=_load)
def monthly_return(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    page = return_page(of, by=_person(request))
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
        return _read(request, page)
    return _form(request, page, _form_of(page, initial=initial_of(page.row)))


def _show_kept(request: HttpRequest, page: ReturnPage, kept: QueryDict) -> HttpResponse:
    """What was typed when the session ended: in the form again, beside what somebody else saved meanwhile."""
    typed = kept.dict() | {"version": str(page.version)}
    form = _form_of(page, initial=typed)
    newer = kept.get("version") != typed["version"]
    conflict = conflict_with(page.row, form, reader=_person(request)) if newer else None
    return _form(request, page, form, conflict=conflict, is_kept=True)


def _form_of(page: ReturnPage, *args: Any, **options: Any) -> MonthlyReturnForm:
    """With the reason for an amendment where the month is closed."""
    is_closed = page.closed is not None
    return MonthlyReturnForm(*args, narrative_hint=page.narrative_hint, is_closed=is_closed, **options)


def _wants_to_change(request: HttpRequest, page: ReturnPage) -> bool:
    """What was submitted may be changed until it is accepted; once the month is closed anything is amended."""
    if "change" not in request.GET or page.row is None:
        return False
    return page.row.state == ReturnState.SUBMITTED or page.is_amended_only


def _save(request: HttpRequest, page: ReturnPage) -> HttpResponse:
    """Keep, submit, or say why not: with what was typed still in the form."""
    if "copy" in request.POST:
        return _form(request, page, _with_last_words(request, page))
    form = _form_of(page, request.POST)
    if request.headers.get("HX-Request"):
        return keep_draft(request, page, form)
    left = left_to_return(request.user, month=page.of.month, unit=current_unit(request))
    intent = request.POST.get("do", "draft")
    submits = intent in ("submit", "next")
    if not form.is_valid():
        if submits:
            chosen = form.figures_chosen()
            form.take_too(submission_faults(contract=page.of.contract, month=page.of.month, figures=chosen))
        return _form(request, page, form, left=left)
    reason = {"reason": form.cleaned_data.get("reason", "")} if submits else {}
    write: Callable[..., MonthlyReturn] = submit_return if submits else save_draft
    try:
        write(
            contract=page.of.contract,
            month=page.of.month,
            figures=form.figures(),
            version=form.cleaned_data["version"],
            by=_person(request),
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
    typed = {name: request.POST.get(name, "") for name in MonthlyReturnForm.base_fields}
    words = [typed["narrative"].strip(), page.last.narrative if page.last else ""]
    typed["narrative"] = "\n".join(filter(None, words))
    return _form_of(page, initial=typed)


def _saved(request: HttpRequest, page: ReturnPage, intent: str, following: LeftToReturn | None) -> HttpResponse:
    title = page.of.contract.title
    if intent not in ("submit", "next"):
        messages.success(request, f"Draft saved: {title}. It counts once you submit it.")
        return redirect(request.get_full_path())
    done = "amended" if page.closed else "submitted"
    behalf = f" for {page.absent.name}" if page.absent else ""
    messages.success(request, f"{monthname(page.of.month)} return {done}{behalf}: {title}.")
    if intent == "next" and following:
        return redirect(_address(page.of.month, following.slug, following.unit_code))
    return redirect("worklist", page.of.month)


def _address(month: datetime.date, slug: str, unit_code: str) -> str:
    return reverse("return", args=[month, slug]) + f"?{urlencode({'unit': unit_code})}"


def _show_conflict(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    """The newer return beside what was typed; the next press carries the version that has now been seen."""
    page = return_page(of, by=_person(request))
    typed = request.POST.copy()
    typed["version"] = str(page.version)
    form = _form_of(page, typed)
    conflict = conflict_with(page.row, form, reader=_person(request))
    if page.row is not None and page.row.state == ReturnState.ACCEPTED and not page.closed:
        return _read(request, page, conflict=conflict, status=409)
    return _form(request, page, form, conflict=conflict, status=409)


def _form(
    request: HttpRequest,
    page: ReturnPage,
    form: MonthlyReturnForm,
    *,
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
    context = {
        "page": page,
        "contract": contract,
        "form": form,
        "scale": scale,
        "risk_buttons": form.risk_buttons(contract.unit),
        "jet_table": form.jet_table(scale),
        "conflict": conflict,
        "is_kept": is_kept,
        "left_count": len(left),
        "place_in_list": numbers.index(contract.pk) + 1 if contract.pk in numbers else None,
        "has_next": next_after(left, contract.pk) is not None,
        "today": clock.today(),
    }
    return render(request, "contracts/return.html", context, status=status)


def _read(
    request: HttpRequest,
    page: ReturnPage,
    *,
    review: ReviewForm | None = None,
    conflict: ReturnConflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """A submitted or accepted return, with the review for whoever may review it."""
    may_review = page.of.is_open_to(scope_of(request.user), Permission.REVIEW_RETURNS) and not page.closed
    waits = may_review and page.row is not None and page.row.state == ReturnState.SUBMITTED
    context = {
        "page": page,
        "contract": page.of.contract,
        "form": review or ReviewForm(initial={"version": page.version}),
        "conflict": conflict,
        "may_review": may_review,
        "has_next": waits and _next_to_review(request, page.of) is not None,
        "review_order": REVIEW_ORDER_WORDS[0].lower() + REVIEW_ORDER_WORDS[1:],
        "submitted_it_themselves": page.row is not None and page.row.submitted_by == request.user,
        "today": clock.today(),
    }
    return render(request, "contracts/return_read.html", context, status=status)


# Its review


@gate(Permission.REVIEW_RETURNS, load=_load)
@require_POST
def review_return(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    page = return_page(of, by=_person(request))
    if page.row is None:
        raise Http404("Nothing to review.")
    form = ReviewForm(request.POST)
    opens_next = request.POST.get("do") == "accept_next"
    following = _next_to_review(request, of) if opens_next else None
    if form.is_valid():
        try:
            _review(request, page.row, form)
        except Conflict:
            return _review_conflict(request, of)
        except ValidationError as refused:
            form.take(refused)
        else:
            return redirect(_after_review(of.month, following))
    return _read(request, page, review=form)


def _next_to_review(request: HttpRequest, of: ContractMonth) -> LeftToReturn | None:
    """Asked before this one is reviewed, as it is its place in the list that says which is next."""
    left = left_to_review(request.user, month=of.month, unit=current_unit(request))
    return next_after(left, of.contract.pk)


def _after_review(month: datetime.date, following: LeftToReturn | None) -> str:
    if following:
        return _address(month, following.slug, following.unit_code)
    to_review = urlencode({"show": EVERYONE, "state": ReturnState.SUBMITTED})
    return f"{reverse('worklist', args=[month])}?{to_review}"


def _review(request: HttpRequest, row: MonthlyReturn, form: ReviewForm) -> None:
    version, by = form.cleaned_data["version"], _person(request)
    if request.POST.get("do") in ("accept", "accept_next"):
        accept_return(row=row, version=version, by=by)
        messages.success(request, f"Accepted: {row.contract.title}.")
    else:
        send_back_return(row=row, version=version, note=form.cleaned_data["note"], by=by)
        messages.success(request, f"Sent back: {row.contract.title}.")


def _review_conflict(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    """The return as it stands now, to be looked at before it is reviewed; the note typed stays."""
    page = return_page(of, by=_person(request))
    typed = request.POST.copy()
    typed["version"] = str(page.version)
    conflict = conflict_with(page.row, None, reader=_person(request))
    return _read(request, page, review=ReviewForm(typed), conflict=conflict, status=409)
