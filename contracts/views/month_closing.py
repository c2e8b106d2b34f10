"""The review meeting written up, its papers, and the month closed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.month_review import ClosingForm, MeetingForm
from contracts.models import MonthReview
from contracts.queries.month_review import MonthReviewPage, UnitMonth, month_review_page, review_of, what_stands
from contracts.queries.review_papers import agenda, minutes
from contracts.queries.worklist import due_words
from contracts.services.month_review import close_month, closing_fault, record_meeting
from contracts.templatetags.marks import monthname
from contracts.views.review_loading import load_any_month, load_month, to_review


@gate(Permission.REVIEW_RETURNS, load=load_any_month)
def month_close(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    """Says what stands, and asks before it is closed."""
    form = ClosingForm(posted(request))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            close_month(unit=of.unit, month=of.month, by=signed_in(request), **data)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"{monthname(of.month)} is closed.")
            return to_review(request, of)
    form = _of_what_stands_now(form, what_stands(request.user, of))
    page = month_review_page(request.user, of)
    fault = closing_fault(month=of.month, review=page.review)
    due = due_words(of.month, {of.unit.return_working_day})
    context = {"page": page, "unit": of.unit, "month": of.month, "form": form, "fault": fault, "due": due}
    return render(request, "contracts/month_close.html", context | {"stands": _stands(page)})


def _of_what_stands_now(form: ClosingForm, stands: str) -> ClosingForm:
    """The next press confirms what this page shows, whatever the last one did."""
    if not form.is_bound:
        return ClosingForm(initial={"stands": stands})
    typed = form.data.copy()  # type: ignore[attr-defined]
    typed["stands"] = stands
    form.data = typed
    return form


def _stands(page: MonthReviewPage) -> list[tuple[str, str]]:
    return [
        ("Returned", f"{page.returned} of {page.expected}"),
        ("Accepted", str(page.accepted_count)),
        ("Returned, not accepted", str(page.waiting)),
        ("Drafts left", str(page.drafts)),
        ("Sent back and not returned again", str(page.sent_back)),
        ("Not returned", str(len(page.missing))),
    ]


@gate(Permission.REVIEW_RETURNS, load=load_month)
def month_meeting(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    """Who was there, when, and what they noted."""
    review = review_of(of)
    form = MeetingForm(posted(request), initial=_recorded(review))
    if form.is_bound and form.is_valid():
        try:
            record_meeting(unit=of.unit, month=of.month, by=signed_in(request), **form.cleaned_data)
        except Conflict as conflict:
            return _meeting_conflict(request, of, conflict.current)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "The meeting is recorded.")
            return to_review(request, of)
    return render(request, "contracts/month_meeting.html", _about(of) | {"form": form})


def _recorded(review: MonthReview | None) -> dict[str, object]:
    if review is None:
        return {"version": 0}
    return {name: getattr(review, name) for name in ("held_on", "present", "notes", "version")}


def _meeting_conflict(request: HttpRequest, of: UnitMonth, current: MonthReview) -> HttpResponse:
    """The newer record above what was typed; the next press carries the version that has now been seen."""
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    context = _about(of) | {"form": MeetingForm(typed), "current": current}
    return render(request, "contracts/month_meeting.html", context, status=409)


def _about(of: UnitMonth) -> dict[str, object]:
    return {"unit": of.unit, "month": of.month, "today": clock.today()}


@gate(Permission.REVIEW_RETURNS, load=load_month)
def month_agenda(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    found = agenda(request.user, of)
    return render(request, "contracts/month_agenda.html", _about(of) | {"agenda": found, "page": found.page})


@gate(Permission.REVIEW_RETURNS, load=load_month)
def month_minutes(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    found = minutes(request.user, of)
    return render(request, "contracts/month_minutes.html", _about(of) | {"minutes": found, "page": found.page})
