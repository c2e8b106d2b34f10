"""A contract put on the register, and its details changed."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.acts import moment_of
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.forms.contract import ROWS, ContractForm, as_posted, merge, opened_with, rows_posted
from contracts.models import Contract
from contracts.rules.early_end import why_early
from contracts.services.contract import add_contract, change_contract
from contracts.views.loading import load_contract, unit_to_add_to

#: What a new contract starts with; the rest is empty.
USUAL = {
    "management": "central",
    "procurement_regime": "unknown",
    "procurement_route": "unknown",
}


@gate(Permission.EDIT_CONTRACTS)
def contract_add(request: HttpRequest) -> HttpResponse:
    unit, units = unit_to_add_to(request)
    if unit is None:
        return render(request, "contracts/contract_unit.html", {"units": units})
    form = ContractForm(_typed(request) or USUAL, unit=unit)
    context: dict[str, Any] = {"form": form, "unit": unit}
    if request.method != "POST" or "add_row" in request.POST:
        form.keep_typed()
    elif form.is_valid():
        try:
            contract = add_contract(unit=unit, details=form.details(), parts=form.parts(), by=signed_in(request))
        except ValidationError as error:
            form.show_faults(error)
        else:
            return _saved(request, contract, "is on the register")
    return render(request, "contracts/contract_form.html", context)


@gate(Permission.EDIT_CONTRACTS, load=load_contract)
def contract_change(request: HttpRequest, contract: Contract) -> HttpResponse:
    context: dict[str, Any] = {"unit": contract.unit, "contract": contract}
    if request.method != "POST":
        posted = as_posted(contract)
        form = ContractForm(posted | {"opened": opened_with(posted)}, unit=contract.unit, contract=contract)
        form.keep_typed()
        return render(request, "contracts/contract_form.html", context | {"form": form})
    form = ContractForm(_typed(request), unit=contract.unit, contract=contract)
    if "add_row" in request.POST:
        form.keep_typed()
    elif form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            changed = change_contract(
                contract=contract, details=form.details(), parts=form.parts(), version=version, by=signed_in(request)
            )
        except ValidationError as error:
            form.show_faults(error)
        except Conflict as conflict:
            return _both(request, conflict.current, context)
        else:
            return _saved(request, changed, "has been saved")
    return render(request, "contracts/contract_form.html", context | {"form": form})


def _both(request: HttpRequest, stored: Contract, context: dict[str, Any]) -> HttpResponse:
    """Somebody saved in between: their values beside this person's, and a form that holds both."""
    merged = merge(request.POST, as_posted(stored), unit=stored.unit, contract=stored)
    form = ContractForm(merged.data, unit=stored.unit, contract=stored)
    form.keep_typed()
    who, when = last_saved(stored)
    return render(
        request,
        "contracts/contract_form.html",
        context | {"form": form, "contract": stored, "merged": merged, "saved_by": who, "saved_at": when},
        status=409,
    )


def last_saved(contract: Contract) -> tuple[str, datetime.datetime | None]:
    """Who wrote the newest row of the contract's history, and when."""
    events: Any = contract.events  # type: ignore[attr-defined]
    newest = events.select_related("pgh_context").order_by("-pgh_id").first()
    if newest is None or newest.pgh_context is None:
        return "Somebody", None
    said = newest.pgh_context.metadata
    return said.get("actor_name", "Somebody"), timezone.localtime(moment_of(said, newest.pgh_created_at))


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was posted, with the row that «Add another» asked for."""
    typed = request.POST.dict()
    kind = request.POST.get("add_row", "")
    if kind in ROWS:
        typed[f"{kind}_rows"] = str(rows_posted(typed, kind) + 1)
    return typed


def _saved(request: HttpRequest, contract: Contract, what: str) -> HttpResponse:
    messages.success(request, f"{contract.reference} {what}. {term_sentence(contract)}")
    return redirect(contract.url_in_unit)


def term_sentence(contract: Contract) -> str:
    """The days that follow from what was saved."""
    if contract.effective_end is None:
        return "Its end is not known yet."
    if contract.notice_ends_on == contract.effective_end:
        if why := why_early(contract.notice_kind):
            return f"It ends early, on {long_date(contract.effective_end)}, {why}."
        return f"It ends on {long_date(contract.effective_end)}, under the notice given."
    parts = [f"It ends on {long_date(contract.effective_end)}"]
    if contract.maximum_end and contract.maximum_end > contract.effective_end:
        parts.append(f"or by its options on {long_date(contract.maximum_end)} at the latest")
    return f"{', '.join(parts)}. {_days_before_the_end(contract)}"


def _days_before_the_end(contract: Contract) -> str:
    if contract.decide_by is None or contract.notice_by is None:
        return "Its notice period is not known yet."
    if contract.decide_by == contract.notice_by:
        return f"Decide and give notice by {long_date(contract.notice_by)}."
    return f"Decide by {long_date(contract.decide_by)}; give notice by {long_date(contract.notice_by)}."
