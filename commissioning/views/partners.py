"""Partners of a unit: seen by its people, changed by the host's commissioners in two steps."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.choices import PartnerLevel
from commissioning.forms import (
    OrganisationSearchForm,
    PartnerJoinForm,
    PartnerLeaveForm,
    PartnerLevelForm,
    show_faults,
)
from commissioning.gate import gate
from commissioning.models import CommissioningUnit, Organisation
from commissioning.queries import NewPartner, PartnerInUnit, organisations_to_add, partner_lists
from commissioning.rules import long_date
from commissioning.services.consequences import Consequences, consequences
from commissioning.services.partners import change_level, join_unit, leave_unit
from commissioning.views.signed_in import posted, signed_in


def load_unit(request: HttpRequest, code: str) -> CommissioningUnit:
    return get_object_or_404(CommissioningUnit.objects.visible_to(request.user).select_related("host"), code=code)


def load_partner(request: HttpRequest, code: str, pk: int) -> PartnerInUnit:
    """A partner that has not left; the host has no part that could be changed."""
    running = partner_lists(load_unit(request, code)).now
    partner = next((row for row in running if row.pk == pk and row.level != PartnerLevel.HOST), None)
    if partner is None:
        raise Http404("No such partner takes part today.")
    return PartnerInUnit(partner)


def load_new_partner(request: HttpRequest, code: str, organisation: int) -> NewPartner:
    return NewPartner(load_unit(request, code), get_object_or_404(Organisation, pk=organisation))


@gate(Permission.VIEW_CONTRACTS, load=load_unit)
def partners(request: HttpRequest, unit: CommissioningUnit) -> HttpResponse:
    may_manage = scope_of(request.user).can(Permission.MANAGE_UNIT, unit)
    return render(
        request,
        "commissioning/partners.html",
        {"unit": unit, "partners": partner_lists(unit), "may_manage": may_manage},
    )


@gate(Permission.MANAGE_UNIT, load=load_unit)
def partner_find(request: HttpRequest, unit: CommissioningUnit) -> HttpResponse:
    """First step of adding: the organisation, found by typing."""
    form = OrganisationSearchForm(request.GET if "q" in request.GET else None)
    found = organisations_to_add(unit, form.cleaned_data["q"]) if form.is_bound and form.is_valid() else None
    return render(request, "commissioning/partner_find.html", {"unit": unit, "form": form, "found": found})


@gate(Permission.MANAGE_UNIT, load=load_new_partner)
def partner_add(request: HttpRequest, wanted: NewPartner) -> HttpResponse:
    unit, organisation = wanted.unit, wanted.organisation
    form = PartnerJoinForm(posted(request), initial={"joined_on": clock.today()})
    return _two_steps(
        request,
        form,
        unit=unit,
        title=f"Add {organisation}",
        foretell=lambda data: consequences(unit=unit, organisation=organisation, before=None, after=data["level"]),
        facts=lambda data: [
            ("Level", PartnerLevel(data["level"]).label),
            ("Takes part from", long_date(data["joined_on"])),
            ("Why", data["reason"]),
        ],
        do=lambda data: join_unit(unit=unit, organisation=organisation, by=signed_in(request), **data),
        done=f"{organisation} takes part in {unit}.",
    )


@gate(Permission.MANAGE_UNIT, load=load_partner)
def partner_level(request: HttpRequest, held: PartnerInUnit) -> HttpResponse:
    partner = held.partner
    other = PartnerLevel.OBSERVER if partner.level == PartnerLevel.FULL else PartnerLevel.FULL
    form = PartnerLevelForm(posted(request), initial={"level": other.value})
    return _two_steps(
        request,
        form,
        unit=partner.unit,
        title=f"Change the level of {partner.organisation}",
        foretell=lambda data: consequences(
            unit=partner.unit, organisation=partner.organisation, before=partner.level, after=data["level"]
        ),
        facts=lambda data: [
            ("Level today", partner.get_level_display()),
            ("New level", PartnerLevel(data["level"]).label),
            ("Why", data["reason"]),
        ],
        do=lambda data: change_level(partner=partner, by=signed_in(request), **data),
        done=f"The level of {partner.organisation} has changed.",
    )


@gate(Permission.MANAGE_UNIT, load=load_partner)
def partner_leave(request: HttpRequest, held: PartnerInUnit) -> HttpResponse:
    partner = held.partner
    form = PartnerLeaveForm(posted(request), initial={"left_on": clock.today()})
    return _two_steps(
        request,
        form,
        unit=partner.unit,
        title=f"Remove {partner.organisation}",
        foretell=lambda data: consequences(
            unit=partner.unit, organisation=partner.organisation, before=partner.level, after=None
        ),
        facts=lambda data: [("Last day", long_date(data["left_on"])), ("Why", data["reason"])],
        do=lambda data: leave_unit(partner=partner, on=data["left_on"], reason=data["reason"], by=signed_in(request)),
        done=f"{partner.organisation} has been removed from {partner.unit}.",
    )


def _two_steps(
    request: HttpRequest,
    form: forms.Form,
    *,
    unit: CommissioningUnit,
    title: str,
    foretell: Callable[[dict[str, Any]], Consequences],
    facts: Callable[[dict[str, Any]], list[tuple[str, str]]],
    do: Callable[[dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    """Ask, then say what will change, then do it: nothing is written before the second step is confirmed."""
    context: dict[str, Any] = {"unit": unit, "title": title, "form": form}
    if form.is_bound and form.is_valid() and "again" not in request.POST:
        data = form.cleaned_data
        if "confirm" not in request.POST:
            told = {"told": foretell(data), "facts": facts(data)}
            return render(request, "commissioning/partner_check.html", context | told)
        try:
            do(data)
        except ValidationError as error:
            show_faults(form, error)
        else:
            messages.success(request, done)
            return redirect("partners", code=unit.code)
    return render(request, "commissioning/partner_form.html", context)
