"""Private performance notices to a provider: issued, changed, met about, closed."""

from django.http import HttpRequest, HttpResponse

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.rules import long_date
from commissioning.views.signed_in import signed_in
from contracts.choices import NoticeOutcome
from contracts.forms.plans import ClosingForm, MeetingHeldForm, NoticeForm, initial_of_notice
from contracts.models import Contract, PerformanceNotice
from contracts.queries.managed import ManagedContract
from contracts.rules.improvement import PRIVATE_NOTICE
from contracts.services.performance_notices import change_notice, close_notice, issue_notice, record_meeting
from contracts.views.loading import load_managed
from contracts.views.plan_answers import FormPage, answer
from contracts.views.plan_loading import Held, load_notice

NOT_THE_PUBLIC_ONE = (
    f"{PRIVATE_NOTICE}. It is not published. The public notice of the same name, under the Procurement Act 2023, is"
    " kept among the contract’s duties in law."
)


def _url(notice: PerformanceNotice, contract: Contract) -> str:
    return contract.address_in_unit("performance_notice", notice.pk)


def _parent(notice: PerformanceNotice, contract: Contract) -> tuple[str, str]:
    return f"Notice of {long_date(notice.issued_on)}", _url(notice, contract)


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
def notice_add(request: HttpRequest, held: ManagedContract) -> HttpResponse:
    contract = held.contract
    page = FormPage(
        contract,
        heading="Record a private performance notice",
        button="Record this notice",
        parent=(contract.title, f"{contract.url_in_unit}#plan"),
        lead=NOT_THE_PUBLIC_ONE,
    )
    return answer(
        request,
        page,
        make=lambda data: NoticeForm(data, initial={"issued_on": clock.today(), "version": 0}),
        write=lambda form: issue_notice(contract=contract, details=form.details(), by=signed_in(request)),
        done=lambda notice: (f"Recorded. Meet by {long_date(notice.meeting_by)}.", _url(notice, contract)),
    )


@gate(Permission.RETURN_CONTRACTS, load=load_notice)
def notice_change(request: HttpRequest, held: Held[PerformanceNotice]) -> HttpResponse:
    notice, contract = held.row, held.contract
    page = FormPage(
        contract,
        heading="Change the private performance notice",
        button="Save the notice",
        parent=_parent(notice, contract),
        lead=NOT_THE_PUBLIC_ONE,
    )
    return answer(
        request,
        page,
        make=lambda data: NoticeForm(data, initial=initial_of_notice(notice)),
        write=lambda form: change_notice(
            notice=notice, details=form.details(), version=form.cleaned_data["version"], by=signed_in(request)
        ),
        done=lambda saved: ("The notice is changed.", _url(saved, contract)),
        stored=initial_of_notice,
    )


@gate(Permission.RETURN_CONTRACTS, load=load_notice)
def notice_meeting(request: HttpRequest, held: Held[PerformanceNotice]) -> HttpResponse:
    notice, contract = held.row, held.contract
    page = FormPage(
        contract,
        heading="Meeting about the private performance notice",
        button="Save the meeting",
        parent=_parent(notice, contract),
        lead=f"Issued on {long_date(notice.issued_on)}; to be met about by {long_date(notice.meeting_by)}.",
    )
    initial = {"met_on": notice.met_on, "outcome": notice.outcome, "version": notice.version}
    return answer(
        request,
        page,
        make=lambda data: MeetingHeldForm(data, initial=initial),
        write=lambda form: record_meeting(notice=notice, by=signed_in(request), **form.cleaned_data),
        done=lambda saved: (f"Saved: {NoticeOutcome(saved.outcome).label.lower()}.", _url(saved, contract)),
        stored=lambda newer: {"met_on": newer.met_on, "outcome": newer.outcome},
    )


@gate(Permission.RETURN_CONTRACTS, load=load_notice)
def notice_close(request: HttpRequest, held: Held[PerformanceNotice]) -> HttpResponse:
    notice, contract = held.row, held.contract
    page = FormPage(contract, "Close the private performance notice", "Close the notice", _parent(notice, contract))
    return answer(
        request,
        page,
        make=lambda data: ClosingForm(data, initial={"closed_on": clock.today(), "version": notice.version}),
        write=lambda form: close_notice(
            notice=notice,
            on=form.cleaned_data["closed_on"],
            words=form.cleaned_data["closing_words"],
            version=form.cleaned_data["version"],
            by=signed_in(request),
        ),
        done=lambda saved: ("The notice is closed.", _url(saved, contract)),
        stored=lambda newer: {"closed_on": newer.closed_on, "closing_words": newer.closing_words},
    )
