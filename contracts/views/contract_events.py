"""What happens to a contract: an option exercised, notice given or withdrawn, restricted, opened again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.forms import show_faults
from commissioning.gate import gate
from commissioning.rules import long_date
from commissioning.views.signed_in import posted, signed_in
from contracts.choices import NoticeGivenBy
from contracts.forms.events import LiftForm, NoticeForm, OptionForm, RestrictForm, WithdrawForm
from contracts.models import Contract, ContractRestriction, ExtensionOption
from contracts.rules.terms import add_months, short_notice
from contracts.services.restriction import lift_restriction, restrict_contract
from contracts.services.term import exercise_option, give_notice, lateness, withdraw_notice
from contracts.views.contract import term_sentence
from contracts.views.loading import load_contract


def _done(request: HttpRequest, contract: Contract, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(contract.url_in_unit)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_option(request: HttpRequest, contract: Contract) -> HttpResponse:
    """Exercise the next option; one that is late is said to be so and asked about before it is written."""
    options = list(contract.options.all())
    option = next((row for row in options if row.exercised_on is None), None)
    form = OptionForm(posted(request), initial={"exercised_on": clock.today()})
    context: dict[str, Any] = {"contract": contract, "options": options, "option": option, "form": form}
    if option is None:
        return render(request, "contracts/option.html", context)
    context["new_end"] = _extended(contract, option)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        late = lateness(contract=contract, option=option, on=data["exercised_on"])
        if late and "confirm" not in request.POST:
            return render(request, "contracts/option.html", context | {"late": late})
        try:
            exercise_option(option=option, on=data["exercised_on"], reason=data["reason"], by=signed_in(request))
        except ValidationError as error:
            show_faults(form, error)
        else:
            contract.refresh_from_db()
            for sentence in late:
                messages.warning(request, sentence)
            return _done(request, contract, f"Option {option.position} is exercised. {term_sentence(contract)}")
    return render(request, "contracts/option.html", context)


def _extended(contract: Contract, option: ExtensionOption) -> Any:
    """The end that the option would bring; the months are summed before they are added."""
    if contract.initial_end is None:
        return None
    return add_months(contract.initial_end, contract.exercised_months + option.months)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_notice(request: HttpRequest, contract: Contract) -> HttpResponse:
    """Record notice; where notice stands, withdraw it."""
    if contract.notice_given_on is not None:
        return _withdraw(request, contract)
    form = NoticeForm(posted(request), initial={"given_on": clock.today(), "ends_on": contract.effective_end})
    if form.is_bound and form.is_valid():
        short = _shortness(contract, form)
        if short and "confirm" not in request.POST:
            return render(request, "contracts/notice.html", {"contract": contract, "form": form, "short": short})
        try:
            changed = give_notice(contract=contract, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            show_faults(form, error)
        else:
            return _done(request, changed, f"Notice is recorded. {term_sentence(changed)}")
    return render(request, "contracts/notice.html", {"contract": contract, "form": form})


def _shortness(contract: Contract, form: NoticeForm) -> str | None:
    """By agreement of both a contract may end as soon as they like; an end before the notice is a fault of its own."""
    data = form.cleaned_data
    if data["given_by"] == NoticeGivenBy.MUTUAL or data["ends_on"] < data["given_on"]:
        return None
    return short_notice(given_on=data["given_on"], ends_on=data["ends_on"], notice_months=contract.notice_months)


def _withdraw(request: HttpRequest, contract: Contract) -> HttpResponse:
    wanted = request.POST if "withdraw" in request.POST else None
    form = WithdrawForm(wanted)
    if form.is_bound and form.is_valid():
        try:
            changed = withdraw_notice(contract=contract, reason=form.cleaned_data["reason"], by=signed_in(request))
        except ValidationError as error:
            show_faults(form, error)
        else:
            return _done(request, changed, f"The notice is withdrawn. {term_sentence(changed)}")
    already = request.method == "POST" and wanted is None
    return render(request, "contracts/notice.html", {"contract": contract, "form": form, "already": already})


@gate(Permission.RESTRICT_CONTRACTS, load=load_contract)
def contract_restrict(request: HttpRequest, contract: Contract) -> HttpResponse:
    if contract.is_restricted:
        return redirect(f"{reverse('contract_lift', args=[contract.slug])}?unit={contract.unit.code}")
    own = scope_of(request.user).organisation_ids
    form = RestrictForm(posted(request), contract=contract, initial={"named": list(own)})
    if form.is_bound and form.is_valid():
        try:
            restrict_contract(contract=contract, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            show_faults(form, error)
        else:
            names = ", ".join(body.name for body in form.cleaned_data["named"])
            return _done(request, contract, f"{contract.reference} is restricted. It is open to {names} only.")
    return render(request, "contracts/restrict.html", {"contract": contract, "form": form})


@gate(Permission.RESTRICT_CONTRACTS, load=load_contract)
def contract_lift(request: HttpRequest, contract: Contract) -> HttpResponse:
    restriction = _standing(contract)
    form = LiftForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            lift_restriction(restriction=restriction, reason=form.cleaned_data["reason"], by=signed_in(request))
        except ValidationError as error:
            show_faults(form, error)
        else:
            return _done(request, contract, f"{contract.reference} is open to all partners of the unit again.")
    facts = [
        ("Restricted on", long_date(restriction.decided_on)),
        ("Decided by", restriction.decided_by.name),
        ("Why", restriction.reason),
        ("Review on", long_date(restriction.review_on)),
        ("Open to", ", ".join(body.name for body in restriction.named.all())),
    ]
    return render(request, "contracts/lift.html", {"contract": contract, "form": form, "facts": facts})


def _standing(contract: Contract) -> ContractRestriction:
    rows = ContractRestriction.objects.filter(contract=contract, lifted_on=None)
    restriction = rows.select_related("decided_by", "contract").first()
    if restriction is None:
        raise Http404("This contract is not restricted.")
    return restriction
