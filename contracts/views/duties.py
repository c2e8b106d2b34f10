"""Duties of one contract: ticked at their own page, and listed when asked for."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.life import AddDutyForm, DutyForm
from contracts.models import Contract, Duty, DutyRule
from contracts.queries.duties import line_of
from contracts.services.life.duties import add_duty, answer_duty, list_duties
from contracts.views.loading import load_contract


@dataclass(frozen=True)
class DutyOfContract:
    duty: Duty
    contract: Contract

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.contract.is_open_to(scope, permission)


def load_duty(request: HttpRequest, slug: str, pk: int) -> DutyOfContract:
    contract = load_contract(request, slug)
    return DutyOfContract(get_object_or_404(Duty, contract=contract, pk=pk), contract)


def _to_duties(contract: Contract) -> HttpResponse:
    return redirect(f"{contract.url_in_unit}#duties")


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
@require_POST
def duties_list(request: HttpRequest, contract: Contract) -> HttpResponse:
    """List what the law asks for of this contract, now that somebody asks for it."""
    try:
        listed = list_duties(contract=contract, by=signed_in(request))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        many = f"{len(listed)} {'duty is' if len(listed) == 1 else 'duties are'} listed."
        messages.success(request, many if listed else "The law asks for nothing more of this contract.")
    return _to_duties(contract)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def duty_add(request: HttpRequest, contract: Contract) -> HttpResponse:
    rules = DutyRule.objects.filter(regime=contract.procurement_regime)
    if not rules.exists():
        return render(request, "contracts/duty_add.html", {"contract": contract})
    form = AddDutyForm(posted(request), rules=rules)
    if form.is_bound and form.is_valid():
        try:
            duty = add_duty(contract=contract, by=signed_in(request), **form.cleaned_data)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"Listed: {duty.title}.")
            return _to_duties(contract)
    return render(request, "contracts/duty_add.html", {"contract": contract, "form": form})


@gate(Permission.EDIT_CONTRACTS, load=load_duty)
def duty(request: HttpRequest, held: DutyOfContract) -> HttpResponse:
    form = DutyForm(posted(request), duty=held.duty)
    shown = held.duty
    status = 200
    if form.is_bound and form.is_valid():
        try:
            answered = answer_duty(duty=held.duty, by=signed_in(request), **form.answer())
        except ValidationError as refused:
            form.take(refused)
        except Conflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            form, shown, status = DutyForm(typed, duty=conflict.current), conflict.current, 409
        else:
            line = line_of(answered, held.contract, day=clock.today())
            messages.success(request, f"{answered.title}: {line.state.lower()}.")
            return _to_duties(held.contract)
    context = {"contract": held.contract, "form": form, "line": line_of(shown, held.contract, day=clock.today())}
    return render(request, "contracts/duty.html", context | {"is_conflict": status == 409}, status=status)
