"""The law of changing contracts, for a lawyer to correct: added to and changed, never deleted, each change recorded."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.acts import act
from contracts.models import ChangeGround, DutyRule


class Law(admin.ModelAdmin):
    """What contracts already refer to stays as it was written there; a row out of use is ended, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        with act(f"{str(obj._meta.verbose_name).capitalize()} {'changed' if change else 'added'}", by=by):
            super().save_model(request, obj, form, change)


@admin.register(ChangeGround)
class ChangeGroundAdmin(Law):
    list_display = ["words", "regime", "law", "is_in_use"]
    list_filter = ["regime", "is_in_use"]
    search_fields = ["words", "law", "code"]
    fields = ["regime", "code", "words", "law", "note", "is_in_use"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A duty may be asked for by the code of a ground, and an event is of its regime."""
        return ["regime", "code"] if obj else []


@admin.register(DutyRule)
class DutyRuleAdmin(Law):
    list_display = ["title", "regime", "cause", "days", "law", "valid_from", "valid_to"]
    list_filter = ["regime", "cause"]
    search_fields = ["title", "law", "code", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["regime", "cause"] if obj else []
