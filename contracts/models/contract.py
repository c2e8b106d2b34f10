import datetime
from typing import Any
from urllib.parse import urlencode

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value
from django.db.models.functions import Replace, Upper
from django.urls import reverse

from accounts.permissions import (
    CONTRACT_PERMISSIONS,
    NATIONALLY_OPEN_PERMISSIONS,
    Permission,
)
from commissioning.access import Scope, scope_of
from commissioning.models import CommissioningUnit, Organisation, ServiceArea
from commissioning.models.history import read_newest_first
from contracts.choices import (
    COUNTING,
    ContractStatus,
    Management,
    NoticeGivenBy,
    NoticeKind,
    ProcurementRegime,
    ProcurementRoute,
)
from contracts.models.database_functions import decision_day, notice_day, term_end
from contracts.rules.returns import asked_from, expects_return
from contracts.rules.terms import status_on
from governance.models import Board

#: Characters that may be typed or imported: what fits a cell of a workbook, so that an export can come back.
LONGEST_DESCRIPTION = 30_000


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "ContractQuerySet":
        """The contracts on which the person holds the permission: the one list filter, everywhere."""
        return self.filter(in_sight(user, permission))

    def in_status(self, status: str, *, day: datetime.date) -> "ContractQuerySet":
        """The status as rules.terms.status_on computes it, as a filter."""
        ended = Q(effective_end__lt=day)
        running = Q(effective_end=None) | Q(effective_end__gte=day)
        unstarted = Q(start=None) | Q(start__gt=day)
        noticed = Q(notice_given_on__lte=day)
        conditions = {
            ContractStatus.ENDED: ended,
            ContractStatus.BEING_PROCURED: unstarted & running,
            ContractStatus.NOTICE_GIVEN: Q(start__lte=day) & noticed & running,
            ContractStatus.CURRENT: Q(start__lte=day) & ~noticed & running,
        }
        return self.filter(conditions[ContractStatus(status)])

    def expecting_return(self, month: datetime.date, *, last_day: datetime.date) -> "ContractQuerySet":
        """Contracts from which the month expects a return."""
        return self.filter(expects_return_of(month, last_day=last_day))

    def with_returns_of(self, **months: datetime.date) -> "ContractQuerySet":
        """Join each month's return that counts (submitted or accepted) under the given alias; none when missing."""
        joined = self
        for alias, month in months.items():
            joined = joined.annotate(
                **{
                    alias: FilteredRelation(
                        "returns",
                        condition=Q(returns__month=month, returns__state__in=COUNTING),
                    )
                }
            )
        return joined

    def for_officer(self, user: Any) -> "ContractQuerySet":
        """The contracts this person returns."""
        return self.filter(returned_by(user))

    def to_complete(self, *, day: datetime.date) -> "ContractQuerySet":
        """Contracts that lack a fact the register needs; what an import could not know is left unknown."""
        return self.filter(incomplete_on(day))


def in_sight(user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> Q:
    """``visible_to`` as a condition: literal ids of the Scope against the contract's own columns, for plain indexes."""
    scope = scope_of(user)
    if permission == Permission.SPEAK_FOR_PROVIDER:
        return in_sight(user) & Q(pk__in=scope.own)
    exceptions = Q(pk__in=scope.exceptions_with(permission))
    if scope.national and permission in NATIONALLY_OPEN_PERMISSIONS:
        return Q(is_restricted=False) | exceptions
    ordinary = Q(unit_id__in=scope.units_with(permission)) | Q(pk__in=scope.own_with(permission))
    return (ordinary & Q(is_restricted=False)) | exceptions


def expects_return_of(month: datetime.date, *, last_day: datetime.date) -> Q:
    """rules.returns.expects_return as a condition; never unknown, so that it can be counted."""
    asked_of_unit = Q(unit__first_return_month=None) | Q(unit__first_return_month__lte=month)
    asked = asked_of_unit & (Q(returns_from=None) | Q(returns_from__lte=month))
    runs_on = Q(effective_end=None) | Q(effective_end__gte=month)
    return asked & runs_on & Q(start__isnull=False, start__lte=last_day)


def returned_by(user: Any) -> Q:
    """The person makes the contract's returns: as officer, deputy or service manager, or standing in for one today."""
    people = [user.pk, *sorted(scope_of(user).stands_in_for)]
    deputising = Contract.deputies.through.objects.filter(user_id__in=people).values("contract_id")
    return Q(officer_id__in=people) | Q(service_manager_id__in=people) | Q(pk__in=deputising)


def incomplete_on(day: datetime.date) -> Q:
    """A fact that the register needs is not known. A provider is a fact only once the contract has started."""
    named = ContractProvider.objects.filter(contract=OuterRef("pk"))
    return (
        Q(start=None)
        | Q(initial_end=None)
        | Q(notice_months=None)
        | Q(annual_value=None)
        | Q(whole_life_value=None)
        | Q(officer=None)
        | Q(service_area=None)
        | (Q(start__lte=day) & ~Q(Exists(named)))
    )


@pghistory.track(exclude=["effective_end", "maximum_end", "notice_by", "decide_by"], meta=read_newest_first())
class Contract(models.Model):
    """What the unit buys from one provider or a framework of several.

    Money is pounds. Days are days in Europe/London, both ends of the term included. The days that
    follow from the term are generated columns: they cannot go stale, whatever writes the row.
    """

    unit = models.ForeignKey(CommissioningUnit, models.PROTECT, related_name="contracts")
    reference = models.CharField(max_length=60)
    slug = models.CharField(max_length=60, editable=False, help_text="The reference as it stands in addresses.")
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, null=True, blank=True, related_name="contracts")
    providers = models.ManyToManyField(
        Organisation, through="contracts.ContractProvider", related_name="contracts_provided"
    )
    buyer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_bought",
        help_text="The contracting authority, where it is not the unit's host.",
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_as_officer",
        verbose_name="contract officer",
    )
    deputies = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="contracts_as_deputy", blank=True)
    service_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_as_service_manager",
    )
    management = models.CharField("managed", max_length=10, choices=Management, default=Management.CENTRAL)
    procurement_regime = models.CharField(max_length=30, choices=ProcurementRegime, default=ProcurementRegime.UNKNOWN)
    procurement_route = models.CharField(max_length=30, choices=ProcurementRoute, default=ProcurementRoute.UNKNOWN)
    annual_value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Pounds a year, partner funding included."
    )
    whole_life_value = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Pounds over the whole life, partner funding included.",
    )
    start = models.DateField("starts", null=True, blank=True)
    initial_end = models.DateField("ends", null=True, blank=True, help_text="The end of the first term.")
    notice_months = models.PositiveSmallIntegerField(
        "notice period in months", null=True, blank=True, help_text="Empty while not known, 0 where there is none."
    )
    decision_lead_days = models.PositiveSmallIntegerField(
        default=28, help_text="Days before notice must be given by which the unit decides."
    )
    exercised_months = models.PositiveSmallIntegerField(default=0, editable=False)
    option_months = models.PositiveSmallIntegerField(default=0, editable=False)
    notice_given_on = models.DateField(null=True, blank=True)
    notice_given_by = models.CharField(max_length=15, choices=NoticeGivenBy, blank=True)
    notice_kind = models.CharField(max_length=15, choices=NoticeKind, blank=True)
    notice_ends_on = models.DateField(null=True, blank=True, help_text="The last day under the notice given.")
    board = models.OneToOneField(
        Board,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="contract",
        verbose_name="contract management board",
    )
    returns_from = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The month then being returned when the contract came onto the register, as its first day.",
    )
    ocid = models.CharField("open contracting identifier", max_length=120, blank=True)
    is_restricted = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts changes, to notice another's.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    effective_end = models.GeneratedField(
        expression=term_end("exercised_months"), output_field=models.DateField(null=True), db_persist=True
    )
    maximum_end = models.GeneratedField(
        expression=term_end("option_months"), output_field=models.DateField(null=True), db_persist=True
    )
    notice_by = models.GeneratedField(
        expression=notice_day(), output_field=models.DateField(null=True), db_persist=True
    )
    decide_by = models.GeneratedField(
        expression=decision_day(), output_field=models.DateField(null=True), db_persist=True
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        default_permissions = ()
        permissions = [(str(permission), permission.description) for permission in CONTRACT_PERMISSIONS]
        indexes = [
            models.Index(fields=["effective_end", "id"]),
            models.Index(fields=["unit", "effective_end", "id"]),
            models.Index(fields=["unit", "decide_by", "id"]),
            # whether a contract counts in a month, from the index alone: over all units that is all its page asks
            models.Index(
                fields=["unit", "start", "effective_end", "returns_from"],
                condition=Q(is_restricted=False),
                name="contract_in_month",
            ),
            models.Index(fields=["ocid"], condition=~Q(ocid=""), name="contract_ocid"),
            # in capitals, as a search without case compares
            GinIndex(
                *(OpClass(Upper(name), "gin_trgm_ops") for name in ("title", "reference", "description")),
                name="contract_words_trigram",
            ),
            # the reference without its marks, for what is typed as «cs 0147»
            models.Index(
                OpClass(Replace("slug", Value("-"), Value("")), "text_pattern_ops"), name="contract_bare_reference"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "reference"],
                name="contract_reference_once_a_unit",
                violation_error_message="The unit already has a contract with this reference.",
            ),
            models.UniqueConstraint(
                fields=["unit", "slug"],
                name="contract_address_once_a_unit",
                violation_error_message="The unit already has a contract whose reference differs only in its marks.",
            ),
            models.CheckConstraint(
                name="contract_ends_after_it_starts",
                condition=Q(start=None) | Q(initial_end=None) | Q(initial_end__gte=F("start")),
                violation_error_message="A contract cannot end before it starts.",
            ),
            models.CheckConstraint(
                name="contract_returns_from_a_month",
                condition=Q(returns_from=None) | Q(returns_from__day=1),
            ),
            models.CheckConstraint(
                name="contract_values_not_negative",
                condition=(Q(annual_value=None) | Q(annual_value__gte=0))
                & (Q(whole_life_value=None) | Q(whole_life_value__gte=0)),
                violation_error_message="A value cannot be less than nothing.",
            ),
            models.CheckConstraint(
                name="contract_notice_is_whole",
                condition=Q(notice_given_on=None, notice_given_by="", notice_ends_on=None)
                | (Q(notice_given_on__isnull=False, notice_ends_on__gte=F("notice_given_on")) & ~Q(notice_given_by="")),
                violation_error_message="A notice needs the day it was given, who gave it, and a later last day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("contract", args=[self.slug])

    @property
    def url_in_unit(self) -> str:
        """The address that names the unit too, as two units may use one reference."""
        return f"{self.get_absolute_url()}?{urlencode({'unit': self.unit.code})}"

    def address_in_unit(self, name: str, *parts: object) -> str:
        """Of something to do with the contract, named as in the lists of addresses; like ``url_in_unit``."""
        return f"{reverse(name, args=[self.slug, *parts])}?{urlencode({'unit': self.unit.code})}"

    def status_on(self, day: datetime.date) -> ContractStatus:
        return status_on(day, start=self.start, effective_end=self.effective_end, notice_given_on=self.notice_given_on)

    def expects_return(self, month: datetime.date) -> bool:
        """``expects_return_of`` for this contract."""
        return expects_return(
            month,
            start=self.start,
            effective_end=self.effective_end,
            returns_from=asked_from(self.unit.first_return_month, self.returns_from),
        )

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """The same answer as ``visible_to`` for this one contract."""
        if permission == Permission.SPEAK_FOR_PROVIDER:
            return self.pk in scope.own and self.is_open_to(scope, Permission.VIEW_CONTRACTS)
        if self.pk in scope.exceptions_with(permission):
            return True
        if self.is_restricted:
            return False
        nationally = scope.national and permission in NATIONALLY_OPEN_PERMISSIONS
        return nationally or self.unit_id in scope.units_with(permission) or self.pk in scope.own_with(permission)


@pghistory.track(meta=read_newest_first())
class ContractDeputy(Contract.deputies.through):  # type: ignore[name-defined]
    """A deputy of the contract officer; here so that history records who was one."""

    class Meta:
        proxy = True
        default_permissions = ()


@pghistory.track(meta=read_newest_first())
class ContractProvider(models.Model):
    """A provider of the contract; a framework has several, in the order of the register."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="provider_rows")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="provider_rows")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"],
                name="provider_once_a_contract",
                violation_error_message="This provider is already named.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} for {self.contract_id}"


@pghistory.track(meta=read_newest_first())
class ContractFunding(models.Model):
    """A partner's share. Where there are shares they total the contract's value, held by the database."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="funding")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="funding_rows")
    annual_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Pounds a year.")
    whole_life_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Pounds over the whole life.")

    class Meta:
        ordering = ["-annual_amount", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"],
                name="funder_once_a_contract",
                violation_error_message="This organisation's share is already given.",
            ),
            models.CheckConstraint(
                name="funding_not_negative",
                condition=Q(annual_amount__gte=0, whole_life_amount__gte=0),
                violation_error_message="A share cannot be less than nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: £{self.annual_amount:,} a year"
