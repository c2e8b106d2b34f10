"""The unit's table of attention, and one contract looked at otherwise."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.attention import ByRulesForm, OverrideForm, TableForm, initial_of, rows_shown, rows_typed
from contracts.queries.attention import attention_of, counted_table, fingerprint, stored_table
from contracts.queries.managed import ManagedContract
from contracts.queries.standing_in import acting_for
from contracts.rules.attention import DEFAULTS
from contracts.services.attention import MOST_ROWS, change_table, look_by_the_rules, look_otherwise
from contracts.views.loading import load_managed
from contracts.views.review_loading import load_unit

EMPTY_ROW = {"value_from": "", "risk": "", "monitoring": "", "meetings": ""}


@gate(Permission.MANAGE_UNIT, load=load_unit)
def attention_rules(request: HttpRequest, unit: CommissioningUnit) -> HttpResponse:
    """The unit's own table, or the defaults that stand while it has none; rows come, go and move by buttons."""
    stored = stored_table(unit)
    if request.method != "POST":
        shown = rows_shown(stored or DEFAULTS)
        return _show_table(
            request, unit, TableForm(count=len(shown), initial=initial_of(shown, stands=fingerprint(stored)))
        )
    typed = rows_typed(request.POST)
    if (moved := _moved(typed, request.POST.get("do", ""))) is not None:
        initial = initial_of(moved, stands=request.POST.get("stands", ""))
        return _show_table(request, unit, TableForm(count=len(moved), initial=initial))
    form = TableForm(request.POST, count=len(typed))
    if form.is_valid():
        try:
            change_table(unit=unit, table=form.table(), stands=form.cleaned_data["stands"], by=signed_in(request))
        except Conflict as conflict:
            again = request.POST.copy()
            again["stands"] = fingerprint(conflict.current)
            return _show_table(request, unit, TableForm(again, count=len(typed)), is_conflict=True, status=409)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "The rules of attention are changed. They hold from now on.")
            return redirect("attention_rules", unit.code)
    return _show_table(request, unit, form)


def _moved(rows: list[dict[str, str]], do: str) -> list[dict[str, str]] | None:
    """The rows as typed with one more, one fewer or one further up; None where it was another button."""
    what, _, number = do.partition("-")
    place = int(number) - 1 if number.isdecimal() and 0 < int(number) <= len(rows) else None
    if do == "add":
        return [EMPTY_ROW, *rows] if len(rows) < MOST_ROWS else rows
    if what == "remove" and place is not None:
        return [row for other, row in enumerate(rows) if other != place]
    if what == "up" and place:
        return [*rows[: place - 1], rows[place], rows[place - 1], *rows[place + 1 :]]
    return rows if what in ("remove", "up") else None


def _show_table(
    request: HttpRequest, unit: CommissioningUnit, form: TableForm, *, is_conflict: bool = False, status: int = 200
) -> HttpResponse:
    stored = stored_table(unit)
    context = {
        "unit": unit,
        "form": form,
        "counted": counted_table(request.user, unit, stored or DEFAULTS),
        "is_default": not stored,
        "is_conflict": is_conflict,
        "may_add": form.count < MOST_ROWS,
    }
    return render(request, "contracts/attention_rules.html", context, status=status)


# One contract


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
def contract_attention(request: HttpRequest, of: ManagedContract) -> HttpResponse:
    """What the rules say of the contract, and what is decided otherwise."""
    contract, by = of.contract, signed_in(request)
    attention = attention_of([contract])[contract.pk]
    override = attention.override
    initial = {"stands": override.pk if override else 0, "monitoring": attention.monitoring}
    form = OverrideForm(posted(request), initial=initial | {"meetings": attention.meetings})
    status, is_conflict = 200, False
    if form.is_bound and form.is_valid():
        try:
            look_otherwise(contract=contract, by=by, on_behalf_of=acting_for(contract, by), **form.cleaned_data)
        except Conflict as conflict:
            form, status, is_conflict = _seen_now(request, conflict), 409, True
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "What is decided for this contract stands until it is looked at again.")
            return redirect(contract.url_in_unit)
    context = {
        "contract": contract,
        "form": form,
        "attention": attention,
        "override": override,
        "is_to_be_looked_at": attention.is_to_be_looked_at_again(clock.today()),
        "is_conflict": is_conflict,
        "may_set_rules": scope_of(request.user).can(Permission.MANAGE_UNIT, contract.unit),
    }
    return render(request, "contracts/attention.html", context, status=status)


def _seen_now(request: HttpRequest, conflict: Conflict) -> OverrideForm:
    """What was typed, carrying the decision that has now been seen."""
    typed = request.POST.copy()
    typed["stands"] = str(conflict.current.pk if conflict.current else 0)
    return OverrideForm(typed)


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
@require_POST
def contract_attention_end(request: HttpRequest, of: ManagedContract) -> HttpResponse:
    contract, by = of.contract, signed_in(request)
    form = ByRulesForm(request.POST)
    stands = form.cleaned_data["stands"] if form.is_valid() else 0
    try:
        look_by_the_rules(contract=contract, stands=stands, by=by, on_behalf_of=acting_for(contract, by))
    except Conflict:
        messages.warning(request, "Somebody changed this after you opened it. Look at what stands now.")
        return redirect(f"{contract.url_in_unit}#main")
    messages.success(request, "The contract is looked at by the unit’s rules again.")
    return redirect(contract.url_in_unit)
