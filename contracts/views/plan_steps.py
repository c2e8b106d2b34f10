"""Steps of a plan: added, changed, brought up to date with evidence, taken out while nothing has happened."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Permission, Role
from commissioning.access import scope_of
from commissioning.gate import gate
from commissioning.models import Organisation
from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.choices import StepState
from contracts.forms.plans import ProviderEvidenceForm, StepForm, StepUpdateForm, initial_of_step
from contracts.models import Contract, ImprovementPlan, PlanStep
from contracts.rules.improvement import is_untouched
from contracts.services.improvement import (
    add_evidence_of_provider,
    add_step,
    change_step,
    remove_step,
    update_step,
)
from contracts.views.plan_answers import FormPage, answer
from contracts.views.plan_loading import Held, load_plan, load_step
from contracts.views.plans import plan_url

ANOTHER = "another"


def _facts(step: PlanStep) -> list[tuple[str, str, str]]:
    return [
        ("Step", step.text, ""),
        ("Who sees to it", step.owner, ""),
        ("Due", long_date(step.due_on), ""),
        ("State", StepState(step.state).label, ""),
    ]


def _parent(plan: ImprovementPlan, contract: Contract) -> tuple[str, str]:
    return plan.title, plan_url(plan, contract)


@gate(Permission.RETURN_CONTRACTS, load=load_plan)
def step_add(request: HttpRequest, held: Held[ImprovementPlan]) -> HttpResponse:
    plan, contract = held.row, held.contract
    page = FormPage(contract, "Add a step", "Add this step", _parent(plan, contract), offers_another=True)
    again = request.POST.get("do") == ANOTHER
    return answer(
        request,
        page,
        make=lambda data: StepForm(data, initial={"version": 0}),
        write=lambda form: add_step(plan=plan, details=form.details(), by=signed_in(request)),
        done=lambda step: (
            f"Step {step.position} is added.",
            contract.address_in_unit("plan_step_add", plan.pk) if again else plan_url(plan, contract),
        ),
    )


@gate(Permission.RETURN_CONTRACTS, load=load_step)
def step_update(request: HttpRequest, held: Held[PlanStep]) -> HttpResponse:
    step, contract = held.row, held.contract
    page = FormPage(
        contract, "How the step stands", "Save how it stands", _parent(step.plan, contract), facts=_facts(step)
    )
    initial = {"state": step.state, "done_on": step.done_on, "version": step.version}
    return answer(
        request,
        page,
        make=lambda data: StepUpdateForm(data, initial=initial),
        write=lambda form: update_step(step=step, by=signed_in(request), **form.cleaned_data),
        done=lambda saved: (f"Saved: {StepState(saved.state).label.lower()}.", plan_url(step.plan, contract)),
        stored=lambda newer: {"state": newer.state, "done_on": newer.done_on, "evidence": newer.evidence},
    )


@gate(Permission.RETURN_CONTRACTS, load=load_step)
def step_change(request: HttpRequest, held: Held[PlanStep]) -> HttpResponse:
    step, contract = held.row, held.contract
    removable = is_untouched(step.state, step.evidence) and step.plan.closed_on is None
    page = FormPage(
        contract,
        heading="Change the step",
        button="Save the step",
        parent=_parent(step.plan, contract),
        facts=_facts(step),
        remove_url=contract.address_in_unit("plan_step_remove", step.plan_id, step.pk) if removable else "",
    )
    return answer(
        request,
        page,
        make=lambda data: StepForm(data, has_evidence=bool(step.evidence), initial=initial_of_step(step)),
        write=lambda form: change_step(
            step=step,
            details=form.details(),
            evidence=form.cleaned_data.get("evidence"),
            version=form.cleaned_data["version"],
            by=signed_in(request),
        ),
        done=lambda saved: ("The step is changed.", plan_url(step.plan, contract)),
        stored=initial_of_step,
    )


@gate(Permission.RETURN_CONTRACTS, load=load_step)
@require_POST
def step_remove(request: HttpRequest, held: Held[PlanStep]) -> HttpResponse:
    step = held.row
    version = request.POST.get("version", "")
    try:
        remove_step(
            step=step, version=int(version) if version.isascii() and version.isdigit() else 0, by=signed_in(request)
        )
    except Conflict:
        messages.error(request, "Somebody changed this step in the meantime. Look again; nothing was removed.")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "The step is removed.")
    return redirect(plan_url(step.plan, held.contract))


@gate(Permission.SPEAK_FOR_PROVIDER, load=load_step)
def step_evidence(request: HttpRequest, held: Held[PlanStep]) -> HttpResponse:
    """For the provider's own contact; how the step stands its officer says."""
    step, contract = held.row, held.contract
    page = FormPage(
        contract, "Give evidence on a step", "Add this evidence", _parent(step.plan, contract), facts=_facts(step)
    )
    return answer(
        request,
        page,
        make=lambda data: ProviderEvidenceForm(data, initial={"version": step.version}),
        write=lambda form: add_evidence_of_provider(
            step=step, name=_provider_of(request, contract), by=signed_in(request), **form.cleaned_data
        ),
        done=lambda saved: ("Your evidence is added.", plan_url(step.plan, contract)),
        stored=lambda newer: {"text": newer.evidence},
    )


def _provider_of(request: HttpRequest, contract: Contract) -> str:
    """The name of the provider for which the person speaks on this contract."""
    own = scope_of(request.user).organisations_as(Role.PROVIDER_CONTACT)
    rows = Organisation.objects.filter(pk__in=own, provider_rows__contract=contract).order_by("provider_rows__position")
    return rows.values_list("name", flat=True)[0]
