"""What changes because of a contract: listed, added or proposed, changed, agreed or declined."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.choices import OutcomeState
from contracts.forms.outcomes import DecisionForm, OutcomeForm, initial_of
from contracts.queries.outcomes import OutcomeRow, outcomes_of
from contracts.services.outcomes import add_outcome, change_outcome, decide_outcome, propose_outcome
from contracts.views.kpi_loading import (
    ManagedOutcome,
    ReportedContract,
    ReportedOutcome,
    load_outcome,
    load_reported,
    load_reported_outcome,
    load_to_add,
)


@gate(Permission.VIEW_CONTRACTS, load=load_reported)
def outcomes(request: HttpRequest, of: ReportedContract) -> HttpResponse:
    scope = scope_of(request.user)
    context = {
        "page": outcomes_of(of.contract),
        "contract": of.contract,
        "may_manage": scope.can(Permission.RETURN_CONTRACTS, of.of),
        "may_propose": of.speaks_for_provider(scope),
    }
    return render(request, "contracts/outcomes.html", context)


@gate(Permission.VIEW_CONTRACTS, load=load_to_add)
def outcome_add(request: HttpRequest, of: ReportedContract) -> HttpResponse:
    """The provider proposes; whoever manages the contract adds."""
    proposes = of.speaks_for_provider(scope_of(request.user))
    form = OutcomeForm(posted(request))
    if form.is_bound and form.is_valid():
        write = propose_outcome if proposes else add_outcome
        try:
            write(contract=of.contract, details=form.details(), by=signed_in(request))
        except ValidationError as refused:
            form.take(refused)
        else:
            done = "Proposed. The contract officer agrees or declines it." if proposes else "Outcome added."
            messages.success(request, done)
            return redirect(of.contract.address_in_unit("outcomes"))
    context = {"form": form, "contract": of.contract, "proposes": proposes}
    return render(request, "contracts/outcome_form.html", context)


@gate(Permission.VIEW_CONTRACTS, load=load_reported_outcome)
def outcome_change(request: HttpRequest, of: ReportedOutcome) -> HttpResponse:
    as_provider = of.speaks_for_provider(scope_of(request.user))
    form = OutcomeForm(posted(request), initial=initial_of(of.outcome))
    context: dict[str, Any] = {"form": form, "contract": of.contract, "outcome": of.outcome}
    if as_provider and of.outcome.state != OutcomeState.PROPOSED:
        messages.warning(request, "This outcome has been decided: ask the contract officer to change it.")
        return redirect(of.contract.address_in_unit("outcomes"))
    if form.is_bound and form.is_valid():
        try:
            change_outcome(
                outcome=of.outcome,
                details=form.details(),
                version=form.cleaned_data["version"],
                by=signed_in(request),
                as_provider=as_provider,
            )
        except Conflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            context |= {"form": OutcomeForm(typed), "newer": OutcomeRow(conflict.current)}
            return render(request, "contracts/outcome_form.html", context, status=409)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "Outcome changed.")
            return redirect(of.contract.address_in_unit("outcomes"))
    return render(request, "contracts/outcome_form.html", context)


@gate(Permission.RETURN_CONTRACTS, load=load_outcome)
def outcome_decide(request: HttpRequest, of: ManagedOutcome) -> HttpResponse:
    if of.outcome.state != OutcomeState.PROPOSED:
        messages.warning(request, "This outcome has been decided already.")
        return redirect(of.contract.address_in_unit("outcomes"))
    form = DecisionForm(posted(request), initial={"version": of.outcome.version})
    context: dict[str, Any] = {"form": form, "contract": of.contract, "row": OutcomeRow(of.outcome)}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        agrees = data["decision"] == "agree"
        try:
            decide_outcome(
                outcome=of.outcome, agrees=agrees, note=data["note"], version=data["version"], by=signed_in(request)
            )
        except Conflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            context |= {"form": DecisionForm(typed), "row": OutcomeRow(conflict.current), "is_newer": True}
            return render(request, "contracts/outcome_decide.html", context, status=409)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "Outcome agreed." if agrees else "Outcome declined. The provider reads why.")
            return redirect(of.contract.address_in_unit("outcomes"))
    return render(request, "contracts/outcome_decide.html", context)
