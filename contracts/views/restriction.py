"""A contract restricted to those named on it, and opened again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.forms import show_faults
from commissioning.gate import gate
from commissioning.rules import long_date
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.restriction import LiftForm, RestrictForm
from contracts.models import Contract, ContractRestriction
from contracts.services.restriction import lift_restriction, restrict_contract
from contracts.views.loading import load_contract


def _done(request: HttpRequest, contract: Contract, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(contract.url_in_unit)


@gate(Permission.RESTRICT_CONTRACTS, load=load_contract)
def contract_restrict(request: HttpRequest, contract: Contract) -> HttpResponse:
    if contract.is_restricted:
        return redirect(contract.address_in_unit("contract_lift"))
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
