import datetime
from typing import Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Upper
from django.db.models.sql.compiler import SQLCompiler

from accounts.permissions import Permission, Role
from commissioning.access import Scope
from commissioning.choices import IdentifierScheme, OrganisationKind


class DateSpan(Func):
    """The days from one date to another, both included; an unknown end is open, reversed days are no span.

    A check constraint of the model says in words that days are reversed; an error of the database would not.
    """

    output_field = DateRangeField()

    def __init__(self, first: str, last: str) -> None:
        super().__init__(first, last)

    def as_sql(  # type: ignore[override]  # its stub takes a template and gives no list
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[Any]]:
        (first, first_values), (last, last_values) = map(compiler.compile, self.get_source_expressions())
        values = [*first_values, *last_values]
        return f"(CASE WHEN {first} > {last} THEN NULL ELSE daterange({first}, {last}, '[]') END)", values * 2


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def open_on(self, day: datetime.date) -> "OrganisationQuerySet":
        """Bodies that existed on that day; an unknown opening day counts as open."""
        return self.filter(Q(opened_on=None) | Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gte=day))

    def identified_by(self, *, scheme: str, value: str, day: datetime.date | None = None) -> "OrganisationQuerySet":
        """Bodies that carried the code; with a day, the one that carried it then."""
        held = OrganisationIdentifier.objects.filter(scheme=scheme, value=value)
        if day is not None:
            held = held.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))
        return self.filter(pk__in=held.values("organisation_id"))


@pghistory.track()
class Organisation(models.Model):
    """A legal body. A successor that kept a code is another body with the same code and other dates."""

    name = models.CharField(max_length=255)
    normalised_name = models.CharField(max_length=255, editable=False, help_text="For matching; set by the services.")
    kind = models.CharField(max_length=30, choices=OrganisationKind)
    opened_on = models.DateField("opened", null=True, blank=True)
    closed_on = models.DateField("closed", null=True, blank=True)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        help_text="A local commissioning group is part of its clinical commissioning group.",
    )
    is_invented = models.BooleanField(default=False, help_text="Exists in the demonstration only.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["normalised_name"]),
            GinIndex(fields=["name"], name="organisation_name_trigram", opclasses=["gin_trgm_ops"]),
            # in capitals, as a search without case compares
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="organisation_upper_trigram"),
            # the order of lists, so that of a page of them no more are read than it shows
            models.Index(Lower("name"), "id", name="organisation_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_closes_after_it_opens",
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="An organisation cannot close before it opened.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """An organisation's people are managed by its own administrators only."""
        return permission == Permission.MANAGE_PEOPLE and self.pk in scope.organisations_as(
            Role.ORGANISATION_ADMINISTRATOR
        )


class OrganisationIdentifier(models.Model):
    """A code in a public register, with the days it named this body and where that was read."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20, choices=IdentifierScheme)
    value = models.CharField(max_length=60)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["scheme", "value"]
        indexes = [models.Index(fields=["scheme", "value"])]
        constraints = [
            ExclusionConstraint(
                name="identifier_names_one_body_at_a_time",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("value", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                # a Contracts Finder record number is given per notice and identifies nobody
                condition=~Q(scheme="cfs"),
                violation_error_message="This code already names another organisation in those days.",
            ),
            models.CheckConstraint(
                name="identifier_ends_after_it_starts",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="The code's last day is before its first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class OrganisationSuccession(models.Model):
    """One body took over from another: abolition, merger, reorganisation."""

    predecessor = models.ForeignKey(Organisation, models.CASCADE, related_name="succeeded_by")
    successor = models.ForeignKey(Organisation, models.CASCADE, related_name="succeeded")
    on = models.DateField("date of succession")
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                name="succession_between_two_bodies",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="An organisation cannot succeed itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} to {self.successor}, {self.on:%d %B %Y}"
