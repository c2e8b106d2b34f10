"""What the review asks of a provider, and the rules that say which contracts it looks at first."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.models import CommissioningUnit, Organisation
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.month_review import ActionForm, RulesForm
from contracts.models import ReviewRules
from contracts.queries.concern_rules import as_rules, stored_rules
from contracts.services.review_actions import finish_action, note_action
from contracts.services.review_rules import change_rules
from contracts.views.review_loading import (
    ActionUnderReview,
    ContractUnderReview,
    load_action,
    load_contract_under_review,
    load_unit,
    to_review,
)


@gate(Permission.REVIEW_RETURNS, load=load_contract_under_review)
def review_action_add(request: HttpRequest, held: ContractUnderReview) -> HttpResponse:
    providers = Organisation.objects.filter(provider_rows__contract=held.contract).order_by("provider_rows__position")
    form = ActionForm(posted(request), providers=providers)
    if form.is_bound and form.is_valid():
        try:
            note_action(contract=held.contract, month=held.of.month, by=signed_in(request), **form.cleaned_data)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"Improvement action noted: {held.contract.title}.")
            return to_review(request, held.of, f"c{held.contract.pk}")
    context = {"form": form, "contract": held.contract, "unit": held.of.unit, "month": held.of.month}
    context["query"] = f"?{request.GET.urlencode()}" if request.GET else ""
    return render(request, "contracts/review_action.html", context)


@gate(Permission.REVIEW_RETURNS, load=load_action)
@require_POST
def review_action_done(request: HttpRequest, held: ActionUnderReview) -> HttpResponse:
    finish_action(action=held.action, by=signed_in(request))
    messages.success(request, f"Done: {held.action.text}")
    return to_review(request, held.of, "actions")


@gate(Permission.MANAGE_UNIT, load=load_unit)
def review_rules(request: HttpRequest, unit: CommissioningUnit) -> HttpResponse:
    """The unit's own rules, or the defaults that stand while it has none."""
    stored = stored_rules(unit)
    form = RulesForm(posted(request), initial=_shown(stored))
    if form.is_bound and form.is_valid():
        try:
            change_rules(unit=unit, rules=form.rules(), version=form.cleaned_data["version"], by=signed_in(request))
        except Conflict as conflict:
            return _rules_conflict(request, unit, conflict.current)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "The rules of concern are changed. They hold for every month that you look at.")
            return redirect("review_rules", unit.code)
    return render(request, "contracts/review_rules.html", {"unit": unit, "form": form, "is_default": stored is None})


def _shown(stored: ReviewRules | None) -> dict[str, object]:
    rules = stored or ReviewRules()
    return asdict(as_rules(rules)) | {"version": stored.version if stored else 0}


def _rules_conflict(request: HttpRequest, unit: CommissioningUnit, current: ReviewRules) -> HttpResponse:
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    context = {"unit": unit, "form": RulesForm(typed), "is_default": False, "current": current}
    context["current_words"] = as_rules(current).words
    return render(request, "contracts/review_rules.html", context, status=409)
