"""Administration pages of reference data, for superusers. What a service must write is written by it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import clock
from accounts.permissions import Role
from commissioning.models import (
    CommissioningUnit,
    Membership,
    Organisation,
    OrganisationIdentifier,
    OrganisationSuccession,
    ServiceArea,
    UnitPartner,
)
from commissioning.rules import normalised_name
from commissioning.services.people import end_role, give_role
from commissioning.services.units import open_unit


class Kept(admin.ModelAdmin):
    """Rows that others refer to: they are ended, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class IdentifierForm(forms.ModelForm):
    class Meta:
        model = OrganisationIdentifier
        fields = ["scheme", "value", "valid_from", "valid_to", "source"]

    def clean(self) -> dict[str, Any] | None:
        return _in_order(self, "valid_from", "valid_to", "The code's last day is before its first.")


def _in_order(form: forms.ModelForm, first: str, last: str, sentence: str) -> dict[str, Any]:
    """Asked before the database is: it cannot compare a span that ends before it starts with others."""
    start, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if start and end and end < start:
        form.add_error(last, sentence)
    return form.cleaned_data


class IdentifierInline(admin.TabularInline):
    model = OrganisationIdentifier
    form = IdentifierForm
    extra = 0


class SuccessorInline(admin.TabularInline):
    model = OrganisationSuccession
    fk_name = "predecessor"
    verbose_name = "successor"
    verbose_name_plural = "successors"
    autocomplete_fields = ["successor"]
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(Kept):
    list_display = ["name", "kind", "opened_on", "closed_on"]
    list_filter = ["kind", "is_invented"]
    search_fields = ["name", "identifiers__value"]
    autocomplete_fields = ["parent"]
    fields = ["name", "normalised_name", "kind", "opened_on", "closed_on", "parent", "is_invented"]
    readonly_fields = ["normalised_name"]
    inlines = [IdentifierInline, SuccessorInline]

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """The name used for matching follows the name, as in the services."""
        obj.normalised_name = normalised_name(obj.name)
        super().save_model(request, obj, form, change)


class ServiceAreaInline(admin.TabularInline):
    model = ServiceArea
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartnerInline(admin.TabularInline):
    """Shown only: partners change on the unit's own page, which writes their grants."""

    model = UnitPartner
    fields = ["organisation", "level", "joined_on", "left_on"]
    readonly_fields = ["organisation", "level", "joined_on", "left_on"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CommissioningUnit)
class CommissioningUnitAdmin(Kept):
    list_display = ["name", "code", "kind", "host", "status"]
    list_filter = ["kind", "status"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["host"]
    inlines = [ServiceAreaInline, PartnerInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The host's grants were written when the unit was opened; addresses hold its code."""
        return ["host", "code"] if obj else []

    def save_model(self, request: HttpRequest, obj: CommissioningUnit, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            open_unit(unit=obj, from_day=obj.live_on or obj.approved_on or clock.today(), by=request.user)  # type: ignore[arg-type]


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["user", "organisation", "role", "since", "until"]

    def clean(self) -> dict[str, Any] | None:
        return _in_order(self, "since", "until", "A role cannot end before it starts.")


@admin.register(Membership)
class MembershipAdmin(Kept):
    """The first administrator of an organisation is made here; then they look after their own people."""

    form = MembershipForm
    list_display = ["user", "organisation", "role", "since", "until"]
    list_filter = ["role"]
    search_fields = ["user__name", "user__email", "organisation__name"]
    autocomplete_fields = ["user", "organisation"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "organisation", "role", "since"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role that has its last day is history."""
        return super().has_change_permission(request, obj) and (obj is None or obj.until is None)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        by: Any = request.user
        if change and obj.until is not None:
            try:
                end_role(membership=obj, on=obj.until, by=by)
            except ValidationError as error:
                self.message_user(request, f"Not saved. {' '.join(error.messages)}", level=messages.ERROR)
        elif not change:
            given = give_role(
                user=obj.user,
                organisation=obj.organisation,
                role=Role(obj.role),
                since=obj.since,
                until=obj.until,
                by=by,
            )
            obj.pk = given.pk
