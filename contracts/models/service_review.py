"""Reviews of services that are to end: their elements, options, the decision on sourcing, and documents."""

from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit, ServiceArea
from commissioning.models.history import read_newest_first
from contracts.choices import ElementState, Horizon, ReviewElementKind, Sourcing
from contracts.models.contract import Contract
from contracts.rules.service_review import PlannedLength


class ServiceReviewQuerySet(models.QuerySet["ServiceReview"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "ServiceReviewQuerySet":
        """Reviews of units in sight, but for those of a restricted contract that the person may not see.

        Who is also the provider's contact of such a contract counts as that, as everywhere, and reads no review.
        """
        scope = scope_of(user)
        open_to_me = scope.exceptions_with(permission) - scope.own
        hidden = ReviewedContract.objects.filter(review=OuterRef("pk"), contract__is_restricted=True).exclude(
            contract__in=open_to_me
        )
        return self.filter(~Exists(hidden), unit__in=CommissioningUnit.objects.visible_to(user, permission))


@pghistory.track(meta=read_newest_first())
class ServiceReview(models.Model):
    """Whether a service goes on, how it is sourced, and for how long it would be let."""

    unit = models.ForeignKey(CommissioningUnit, models.PROTECT, related_name="service_reviews")
    title = models.CharField("service", max_length=200)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, null=True, blank=True, related_name="+")
    contracts = models.ManyToManyField(Contract, through="contracts.ReviewedContract", related_name="service_reviews")
    why = models.TextField("why it is reviewed", blank=True, max_length=2_000)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    opened_on = models.DateField()
    ends_on = models.DateField("service ends", null=True, blank=True)
    is_on_forward_plan = models.BooleanField("on the scrutiny forward plan", default=False)
    planned_months = models.PositiveSmallIntegerField("planned first term in months", null=True, blank=True)
    planned_options = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    sourcing = models.CharField(max_length=10, choices=Sourcing, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision_words = models.TextField("who decided, and why", blank=True, max_length=2_000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = ServiceReviewQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "title"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title", "opened_on"],
                name="service_review_once",
                violation_error_message="A review of this service was opened on this day already.",
            ),
            models.CheckConstraint(
                name="sourcing_decided_whole",
                condition=Q(sourcing="", decided_on=None)
                | (~Q(sourcing="") & Q(decided_on__isnull=False) & ~Q(decision_words="")),
                violation_error_message="A decision has its day, who took it, and why.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("service_review", args=[self.pk])

    @property
    def is_decided(self) -> bool:
        return self.decided_on is not None

    @property
    def planned_length(self) -> PlannedLength | None:
        """None while no first term is planned."""
        if self.planned_months is None:
            return None
        return PlannedLength(self.planned_months, tuple(self.planned_options))

    def is_open_to(self, scope: Any, permission: Permission) -> bool:
        """Loaded through ``visible_to``, the unit decides what may be done."""
        return self.unit.is_open_to(scope, permission)


@pghistory.track(meta=read_newest_first())
class ReviewedContract(models.Model):
    review = models.ForeignKey(ServiceReview, models.CASCADE, related_name="contract_rows")
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="review_rows")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["review", "contract"], name="reviewed_once")]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.contract_id}"


@pghistory.track(meta=read_newest_first())
class Document(models.Model):
    """A file kept with a contract or a service review, downloaded only by who may see what it belongs to."""

    contract = models.ForeignKey(Contract, models.CASCADE, null=True, blank=True, related_name="documents")
    review = models.ForeignKey(ServiceReview, models.CASCADE, null=True, blank=True, related_name="documents")
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="documents/%Y/", max_length=300)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes.")
    is_shared_with_provider = models.BooleanField("the provider sees it", default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-added_at"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="document_of_one_thing",
                condition=Q(contract__isnull=False, review=None) | Q(contract=None, review__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(meta=read_newest_first())
class ReviewElement(models.Model):
    """One of the five elements of a review."""

    review = models.ForeignKey(ServiceReview, models.CASCADE, related_name="elements")
    kind = models.CharField(max_length=20, choices=ReviewElementKind)
    state = models.CharField(max_length=12, choices=ElementState, default=ElementState.NOT_STARTED)
    on = models.DateField("planned for, or done on", null=True, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField(blank=True, max_length=1_000)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["review", "kind"], name="element_once_a_review"),
            models.CheckConstraint(
                name="element_done_on_a_day",
                condition=~Q(state="done") | Q(on__isnull=False),
                violation_error_message="Give the day on which it was done.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@pghistory.track(meta=read_newest_first())
class ReviewOption(models.Model):
    """One option of the appraisal, with what speaks for and against it."""

    review = models.ForeignKey(ServiceReview, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    horizon = models.CharField(max_length=5, choices=Horizon)
    benefits = models.TextField(blank=True, max_length=2_000)
    disbenefits = models.TextField(blank=True, max_length=2_000)
    is_recommended = models.BooleanField("recommended", default=False)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    class Meta:
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["review", "horizon"],
                condition=Q(is_recommended=True),
                name="one_option_recommended",
                violation_error_message="Another option of this horizon is recommended already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
