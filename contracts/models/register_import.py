import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.models import CommissioningUnit
from contracts.models.contract import Contract


class ImportState(models.TextChoices):
    """Where an import has got to."""

    RECEIVED = "received", "Waiting to be checked"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    CONFIRMED = "confirmed", "Being imported"
    APPLIED = "applied", "Imported"
    FAILED = "failed", "Stopped"


class ImportOutcome(models.TextChoices):
    """What a row would do."""

    CREATE = "create", "To create"
    CHANGE = "change", "To change"
    SAME = "same", "Unchanged"
    FAULT = "fault", "At fault"


class RegisterImportQuerySet(models.QuerySet["RegisterImport"]):
    def visible_to(self, user: Any) -> "RegisterImportQuerySet":
        """A person's own imports, while they may change that unit's contracts.

        Not the colleagues': the rows may be of restricted contracts that only this person sees.
        """
        return self.filter(uploaded_by_id=user.pk, unit_id__in=scope_of(user).units_with(Permission.EDIT_CONTRACTS))


def private_place(_: "RegisterImport", name: str) -> str:
    """Where the file is kept: a name that nobody can guess and that says nothing."""
    return f"register-imports/{uuid.uuid4().hex}{'.csv' if name.lower().endswith('.csv') else '.xlsx'}"


class RegisterImport(models.Model):
    """A register file: received, checked row by row, then brought into the register whole or not at all."""

    unit = models.ForeignKey(CommissioningUnit, models.CASCADE, related_name="register_imports")
    file = models.FileField(upload_to=private_place)
    file_name = models.CharField(max_length=200, help_text="As the person named it.")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    rows_total = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=0)
    to_create = models.PositiveIntegerField(default=0)
    to_change = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    at_fault = models.PositiveIntegerField(default=0)
    new_providers = models.JSONField(default=list, help_text="Names of the providers it would add.")
    new_service_areas = models.JSONField(default=list, help_text="Names of the service areas it would add.")
    note = models.TextField(blank=True, help_text="What the person must know of the last check, in a sentence.")

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="import_confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} for {self.unit}"

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return scope.user_id == self.uploaded_by_id and self.unit_id in scope.units_with(permission)

    @property
    def is_at_work(self) -> bool:
        """Whether a job has it: the page then shows how far that is."""
        return self.state in (ImportState.RECEIVED, ImportState.CHECKING, ImportState.CONFIRMED)

    @property
    def to_write(self) -> int:
        return self.to_create + self.to_change


class ImportedRow(models.Model):
    """One row of the file: what it says, what it would change, or what is wrong with it."""

    register_import = models.ForeignKey(RegisterImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As the spreadsheet numbers it.")
    reference = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, blank=True)
    start = models.DateField(null=True, blank=True)
    initial_end = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ImportOutcome)
    is_doubtful = models.BooleanField(default=False, help_text="Names a provider that awaits an answer.")
    changes = models.JSONField(default=list, help_text="Column, value now, value after, in words.")
    faults = models.JSONField(default=list, help_text="Column and sentence.")
    values = models.JSONField(default=dict, help_text="The whole contract as it would be.")
    contract = models.ForeignKey(Contract, models.SET_NULL, null=True, blank=True, related_name="+")
    fingerprint = models.CharField(
        max_length=32, blank=True, help_text="Of the contract as the preview compared it; another one means it changed."
    )

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        indexes = [models.Index(fields=["register_import", "outcome", "number"], name="import_row_outcome")]
        constraints = [models.UniqueConstraint(fields=["register_import", "number"], name="import_row_number_once")]

    def __str__(self) -> str:
        return f"Row {self.number}, {self.reference}"

    @property
    def columns_at_fault(self) -> set[str]:
        return {header for header, _ in self.faults}


class ProviderQuestion(models.Model):
    """A provider's name in the file that is close to one known: the same one or a new one, the person says."""

    register_import = models.ForeignKey(RegisterImport, models.CASCADE, related_name="provider_questions")
    key = models.CharField(max_length=400, help_text="The normalised name and the code beside it.")
    name = models.CharField(max_length=255)
    candidates = models.JSONField(default=list, help_text="Key and name of each provider it may be.")
    answer = models.CharField(max_length=400, blank=True, help_text="The key of one of them, «new», or empty.")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["register_import", "key"], name="import_provider_asked_once")]

    def __str__(self) -> str:
        return self.name
