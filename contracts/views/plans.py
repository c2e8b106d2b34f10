"""Improvement plans: agreed, changed, closed. The page of one plan is read in reporting, with its history."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.views.signed_in import signed_in
from contracts.forms.plans import PlanClosingForm, PlanForm, initial_of_plan
from contracts.models import Contract, ImprovementPlan
from contracts.queries.managed import ManagedContract
from contracts.queries.plans import plan_shown
from contracts.services.improvement import change_plan, close_plan, open_plan
from contracts.views.loading import load_managed
from contracts.views.plan_answers import FormPage, answer
from contracts.views.plan_loading import Held, load_plan


def plan_url(plan: ImprovementPlan, contract: Contract) -> str:
    return contract.address_in_unit("plan", plan.pk)


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
def plan_add(request: HttpRequest, held: ManagedContract) -> HttpResponse:
    """From a private notice the address says which one the plan answers."""
    contract = held.contract
    initial = {"agreed_on": clock.today(), "answers": request.GET.get("answers"), "version": 0}
    page = FormPage(
        contract,
        heading="Open an improvement plan",
        button="Open the plan",
        parent=(contract.title, f"{contract.url_in_unit}#plan"),
        lead="Once the plan is open you add its steps, each with who sees to it and by when.",
    )
    return answer(
        request,
        page,
        make=lambda data: PlanForm(data, contract=contract, initial=initial),
        write=lambda form: open_plan(contract=contract, details=form.details(), by=signed_in(request)),
        done=lambda plan: ("The plan is open. Add its first step.", plan_url(plan, contract)),
    )


@gate(Permission.RETURN_CONTRACTS, load=load_plan)
def plan_change(request: HttpRequest, held: Held[ImprovementPlan]) -> HttpResponse:
    plan, contract = held.row, held.contract
    page = FormPage(contract, "Change the improvement plan", "Save the plan", (plan.title, plan_url(plan, contract)))
    return answer(
        request,
        page,
        make=lambda data: PlanForm(data, contract=contract, initial=initial_of_plan(plan)),
        write=lambda form: change_plan(
            plan=plan, details=form.details(), version=form.cleaned_data["version"], by=signed_in(request)
        ),
        done=lambda saved: ("The plan is changed.", plan_url(saved, contract)),
        stored=initial_of_plan,
    )


@gate(Permission.RETURN_CONTRACTS, load=load_plan)
def plan_close(request: HttpRequest, held: Held[ImprovementPlan]) -> HttpResponse:
    plan, contract = held.row, held.contract
    shown = plan_shown(contract, plan)
    initial = {"closed_on": clock.today(), "version": plan.version}
    page = FormPage(
        contract,
        heading="Close the improvement plan",
        button="Close the plan",
        parent=(plan.title, plan_url(plan, contract)),
        lead=f"{shown.summary}. A closed plan is not opened again: what is not done stays so.",
    )
    return answer(
        request,
        page,
        make=lambda data: PlanClosingForm(data, has_undone=shown.has_undone, initial=initial),
        write=lambda form: _close(plan, form.cleaned_data, request),
        done=lambda saved: ("The plan is closed.", plan_url(saved, contract)),
        stored=lambda newer: {"closed_on": newer.closed_on, "closing_words": newer.closing_words},
    )


def _close(plan: ImprovementPlan, typed: dict[str, Any], request: HttpRequest) -> ImprovementPlan:
    return close_plan(
        plan=plan,
        on=typed["closed_on"],
        words=typed["closing_words"],
        version=typed["version"],
        despite_steps=typed.get("despite_steps", False),
        by=signed_in(request),
    )
