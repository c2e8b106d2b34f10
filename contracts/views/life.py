"""The decisions of a contract's life, each at its page: options, variations, what follows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.models import Organisation
from commissioning.rules import long_date
from commissioning.views.signed_in import posted, signed_in
from contracts.choices import NoticeGivenBy, ProcurementRegime
from contracts.forms.life import (
    DecisionForm,
    DecommissionForm,
    EndForm,
    ExtensionForm,
    NoticeForm,
    NovationForm,
    OptionForm,
    RecommissionForm,
    TermForm,
    ValueForm,
    WithdrawForm,
)
from contracts.models import Contract
from contracts.queries.life import conditions_of, decisions_of, successions_of
from contracts.rules.change_law import REGIME_FIRST
from contracts.rules.terms import add_months, short_notice
from contracts.services.life.events import Recorded
from contracts.services.life.notice import end_early, give_notice, withdraw_notice
from contracts.services.life.options import exercise_option, extend_outside
from contracts.services.life.succession import decommission, novate, recommission
from contracts.services.life.variation import vary_term, vary_value
from contracts.views.deciding import Page, decide
from contracts.views.loading import load_contract


def _always(recorded: Recorded) -> list[str]:
    return []


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_decision(request: HttpRequest, contract: Contract) -> HttpResponse:
    choices = decisions_of(contract, list(contract.options.all()))
    return render(request, "contracts/decisions.html", {"contract": contract, "choices": choices})


# Extensions


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_option(request: HttpRequest, contract: Contract) -> HttpResponse:
    """Exercise the next option; one that is late, in part or against a notice is asked about before it is written."""
    options = list(contract.options.all())
    option = next((row for row in options if row.exercised_on is None), None)
    context = {"contract": contract, "options": options, "option": option}
    if option is None:
        return render(request, "contracts/decision.html", context | {"page": NO_OPTION})
    form = OptionForm(posted(request), contract=contract, option=option)

    def record() -> Recorded:
        return exercise_option(
            option=option,
            on=form.cleaned_data["exercised_on"],
            months=form.cleaned_data["months"],
            late_because=form.cleaned_data.get("late_because", ""),
            withdraws_notice=form.cleaned_data.get("withdraws_notice", False),
            reason=form.cleaned_data["reason"],
            by=signed_in(request),
        )

    def asks(recorded: Recorded) -> list[str] | None:
        used, granted = form.cleaned_data["months"], option.months
        part = [f"{used} of its {granted} months are used; the rest lapses."] if used < granted else []
        taken_back = ["The notice that stands is withdrawn."] if contract.notice_given_on else []
        return part + taken_back if part or taken_back or recorded.warnings else None

    page = Page(
        heading="Exercise an option to extend",
        button=f"Exercise option {option.position}",
        done=f"Option {option.position} is exercised.",
        text=_new_end(contract, option.months),
    )
    context["conditions"] = conditions_of(option)
    return decide(request, contract, page=page, form=form, record=record, asks=asks, context=context)


NO_OPTION = Page(heading="Exercise an option to extend", button="", done="")


def _new_end(contract: Contract, months: int) -> str:
    """The end that the whole option would bring; the months are summed before they are added."""
    if contract.initial_end is None:
        return "The end of the first term is not known yet: add it before an option is exercised."
    end = add_months(contract.initial_end, contract.exercised_months + months)
    return f"The contract then ends on {long_date(end)}, and the last day to give notice moves with it."


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_extend(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = ExtensionForm(posted(request), contract=contract)

    def record() -> Recorded:
        return extend_outside(contract=contract, by=signed_in(request), **form.cleaned_data)

    page = Page(
        heading="Extend outside the options",
        button="Extend the contract",
        done="The contract is extended outside its options.",
        text="Only once no option is left, for a reason, and on a ground in law of the contract’s own regime.",
        is_grave=True,
    )
    unknown = contract.procurement_regime == ProcurementRegime.UNKNOWN
    context = {"must_know": REGIME_FIRST if unknown else ""}
    return decide(request, contract, page=page, form=form, record=record, asks=_always, context=context)


# Variations


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_vary_value(request: HttpRequest, contract: Contract) -> HttpResponse:
    funding = list(contract.funding.select_related("organisation"))
    form = ValueForm(posted(request), contract=contract, funding=funding)

    def record() -> Recorded:
        names = ("on", "takes_effect_on", "annual_value", "whole_life_value", "ground", "reason")
        typed = {name: form.cleaned_data[name] for name in names}
        return vary_value(contract=contract, shares=form.shares(), by=signed_in(request), **typed)

    page = Page(
        heading="Vary the value",
        button="Vary the value",
        done="The value is varied.",
        text="Both figures are kept. Give each partner’s share again, so that the shares make up the new value.",
    )
    return decide(request, contract, page=page, form=form, record=record, asks=_always)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_vary_term(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = TermForm(posted(request), contract=contract)

    def record() -> Recorded:
        return vary_term(contract=contract, by=signed_in(request), **form.cleaned_data)

    page = Page(
        heading="Vary the term",
        button="Vary the term",
        done="The term is varied.",
        text="Moves the end of the first term. A date that was only mistyped is put right under “Change details”.",
    )
    return decide(request, contract, page=page, form=form, record=record, asks=_always)


# Notice and end


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_notice(request: HttpRequest, contract: Contract) -> HttpResponse:
    """Record notice; where notice stands, withdraw it."""
    if contract.notice_given_on is not None:
        return _withdraw(request, contract)
    form = NoticeForm(posted(request), contract=contract)

    def record() -> Recorded:
        return give_notice(contract=contract, by=signed_in(request), **form.cleaned_data)

    def asks(recorded: Recorded) -> list[str] | None:
        short = _shortness(contract, form)
        return [short] if short else None

    page = Page(heading="Notice to end the contract", button="Record the notice", done="Notice is recorded.")
    return decide(request, contract, page=page, form=form, record=record, asks=asks)


def _shortness(contract: Contract, form: DecisionForm) -> str | None:
    """By agreement of both a contract may end as soon as they like."""
    given = form.cleaned_data
    if given["given_by"] == NoticeGivenBy.MUTUAL:
        return None
    return short_notice(given_on=given["given_on"], ends_on=given["ends_on"], notice_months=contract.notice_months)


def _withdraw(request: HttpRequest, contract: Contract) -> HttpResponse:
    wanted = request.POST if "withdraw" in request.POST else None
    form = WithdrawForm(wanted, contract=contract)

    def record() -> Recorded:
        return withdraw_notice(contract=contract, reason=form.cleaned_data["reason"], by=signed_in(request))

    page = Page(
        heading="Withdraw the notice",
        button="Withdraw the notice",
        done="The notice is withdrawn.",
        text="The contract then runs on to the end it had.",
        is_grave=True,
    )
    context = {"already": request.method == "POST" and wanted is None, "button_name": "withdraw"}
    return decide(request, contract, page=page, form=form, record=record, asks=lambda _: None, context=context)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_end(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = EndForm(posted(request), contract=contract)

    def record() -> Recorded:
        return end_early(contract=contract, by=signed_in(request), **form.cleaned_data)

    page = Page(
        heading="End the contract early",
        button="End the contract",
        done="The early end is recorded.",
        text="Where one side gives the notice that the contract asks for, record that notice instead.",
        is_grave=True,
    )
    return decide(request, contract, page=page, form=form, record=record, asks=_always)


# What follows


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_recommission(request: HttpRequest, contract: Contract) -> HttpResponse:
    in_sight = Contract.objects.visible_to(request.user)
    form = RecommissionForm(posted(request), contract=contract, in_sight=in_sight)

    def record() -> Recorded:
        return recommission(contract=contract, by=signed_in(request), **form.cleaned_data)

    page = Page(
        heading="Recommission the service",
        button="Record the decision",
        done="It is recorded that the service is commissioned again.",
        text="The contract runs to the end it has; the decision is kept on its time line.",
    )
    return decide(request, contract, page=page, form=form, record=record, asks=lambda _: None)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_decommission(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = DecommissionForm(posted(request), contract=contract)

    def record() -> Recorded:
        return decommission(contract=contract, by=signed_in(request), **form.cleaned_data)

    page = Page(
        heading="Decommission the service",
        button="Record that nothing follows",
        done="It is recorded that nothing follows this contract.",
        text="The contract runs to the end it has. To end it sooner, record notice or an early end.",
        is_grave=True,
    )
    return decide(request, contract, page=page, form=form, record=record, asks=lambda _: ["No contract follows it."])


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_novate(request: HttpRequest, contract: Contract) -> HttpResponse:
    providers = Organisation.objects.filter(provider_rows__contract=contract).order_by("provider_rows__position")
    known = successions_of(contract)
    proposed = known[0].successor if len(known) == 1 else None
    form = NovationForm(posted(request), contract=contract, providers=providers, proposed=proposed)

    def record() -> Recorded:
        return novate(contract=contract, by=signed_in(request), **form.cleaned_data)

    page = Page(
        heading="Novate to a successor",
        button="Put the successor in its place",
        done="The successor is in the provider’s place.",
        text="From then on the successor’s own people see this contract, and the predecessor’s no longer do.",
        is_grave=True,
    )
    context = {
        "conditions": [
            f"{row.successor.name} took over from {row.predecessor.name} on {long_date(row.on)}." for row in known
        ]
    }
    return decide(request, contract, page=page, form=form, record=record, asks=_always, context=context)
