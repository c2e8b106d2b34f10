"""People of one's own organisations: added, given roles, and let go."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.permissions import Permission, Role
from commissioning.forms import LeaverForm, PersonForm, RoleEndForm, RoleForm, show_faults
from commissioning.gate import gate
from commissioning.queries import (
    PersonOf,
    RoleOf,
    administered_organisations,
    people_by_organisation,
    person_of,
    role_of,
)
from commissioning.rules import long_date
from commissioning.services.people import end_all_roles, end_role, give_role, invite_person, send_link
from commissioning.views.signed_in import posted, signed_in


def load_person(request: HttpRequest, organisation: int, person: int) -> PersonOf:
    return person_of(request.user, organisation_id=organisation, person_id=person)


def load_role(request: HttpRequest, pk: int) -> RoleOf:
    return role_of(request.user, membership_id=pk)


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@gate(Permission.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "commissioning/people.html", {"bodies": people_by_organisation(request.user)})


@gate(Permission.MANAGE_PEOPLE)
def person_add(request: HttpRequest) -> HttpResponse:
    form = PersonForm(posted(request), organisations=administered_organisations(request.user))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            invite_person(by=signed_in(request), site=site_of(request), **data)
        except ValidationError as error:
            show_faults(form, error)
        else:
            messages.success(request, f"{data['email']} has been added, and a mail is on its way.")
            return redirect("people")
    return render(request, "commissioning/person_add.html", {"form": form})


@gate(Permission.MANAGE_PEOPLE, load=load_person)
def person(request: HttpRequest, held: PersonOf) -> HttpResponse:
    """The person's roles, and one more to give."""
    form = RoleForm(posted(request))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            give_role(user=held.user, organisation=held.organisation, by=signed_in(request), **data)
        except ValidationError as error:
            show_faults(form, error)
        else:
            messages.success(request, f"{held.user} has the role: {data['role'].label}.")
            return _to_person(held)
    return render(request, "commissioning/person.html", {"held": held, "form": form})


@gate(Permission.MANAGE_PEOPLE, load=load_person)
@require_POST
def person_invite(request: HttpRequest, held: PersonOf) -> HttpResponse:
    """Send the link again to somebody who has not set a password, or has lost the mail."""
    send_link(user=held.user, organisation=held.organisation, role=None, by=signed_in(request), site=site_of(request))
    messages.success(request, f"A mail is on its way to {held.user.email}.")
    return _to_person(held)


@gate(Permission.MANAGE_PEOPLE, load=load_person)
def person_leave(request: HttpRequest, held: PersonOf) -> HttpResponse:
    form = LeaverForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            end_all_roles(
                user=held.user,
                organisation=held.organisation,
                on=form.cleaned_data["until"],
                by=signed_in(request),
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            show_faults(form, error)
        else:
            day = long_date(form.cleaned_data["until"])
            messages.success(request, f"Every role of {held.user} in {held.organisation} ends on {day}.")
            return redirect("people")
    return render(request, "commissioning/person_leave.html", {"held": held, "form": form})


@gate(Permission.MANAGE_PEOPLE, load=load_role)
def role_end(request: HttpRequest, held: RoleOf) -> HttpResponse:
    membership = held.membership
    form: forms.Form = RoleEndForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            end_role(membership=membership, on=form.cleaned_data["until"], by=signed_in(request))
        except ValidationError as error:
            show_faults(form, error)
        else:
            messages.success(request, f"The role ends on {long_date(form.cleaned_data['until'])}.")
            return redirect("people")
    label = Role(membership.role).label
    return render(request, "commissioning/role_end.html", {"membership": membership, "label": label, "form": form})


def _to_person(held: PersonOf) -> HttpResponse:
    return redirect("person", organisation=held.organisation.pk, person=held.user.pk)
