"""The dated events in the life of a contract, the grounds for changing it, and the duties that follow in law."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commissioning.models import Organisation
from commissioning.models.history import read_newest_first
from contracts.choices import DutyCause, LifeEventKind, NoticeGivenBy, NoticeKind, ProcurementRegime
from contracts.models.contract import Contract
from contracts.models.of_contract import OfContractQuerySet


@pghistory.track(meta=read_newest_first())
class ChangeGround(models.Model):
    """A ground in law for changing a contract outside its own options. A lawyer corrects it in the administration."""

    regime = models.CharField(max_length=30, choices=ProcurementRegime)
    code = models.SlugField(max_length=40)
    words = models.CharField(max_length=200)
    law = models.CharField("where the law says so", max_length=200)
    note = models.TextField(blank=True, max_length=1_000, help_text="What is not certain, or when it may be used.")
    is_in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["regime", "pk"]
        default_permissions = ("view", "change", "add")
        constraints = [models.UniqueConstraint(fields=["regime", "code"], name="ground_once_a_regime")]

    def __str__(self) -> str:
        return self.words


@pghistory.track(meta=read_newest_first())
class LifeEvent(models.Model):
    """Something that happened to the contract on a day: by whom, from when, and both figures where one moved."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="life_events")
    kind = models.CharField(max_length=20, choices=LifeEventKind)
    on = models.DateField("day of the decision or notice")
    takes_effect_on = models.DateField(null=True, blank=True)
    words = models.TextField("why, and who decided", blank=True, max_length=1_000)
    ground = models.ForeignKey(ChangeGround, models.PROTECT, null=True, blank=True, related_name="+")
    ground_words = models.CharField(max_length=400, blank=True, help_text="The ground as it stood on the day.")
    end_before = models.DateField(null=True, blank=True)
    end_after = models.DateField(null=True, blank=True)
    annual_before = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    annual_after = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    whole_life_before = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    whole_life_after = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    given_by = models.CharField(max_length=15, choices=NoticeGivenBy, blank=True)
    notice_kind = models.CharField(max_length=15, choices=NoticeKind, blank=True)
    from_provider = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    to_provider = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    followed_by = models.ForeignKey(
        Contract, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The contract that takes over."
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="extended_outside_with_a_reason",
                condition=~Q(kind="extended") | (~Q(words="") & ~Q(ground_words="")),
                violation_error_message="An extension outside the options needs a reason and a ground in law.",
            ),
            models.CheckConstraint(
                name="event_notice_is_whole",
                condition=~Q(kind="notice_given") | (~Q(given_by="") & Q(end_after__isnull=False)),
                violation_error_message="Say who gave the notice, and the last day under it.",
            ),
            models.CheckConstraint(
                name="novated_between_two",
                condition=~Q(kind="novated")
                | (Q(to_provider__isnull=False, from_provider__isnull=False) & ~Q(to_provider=F("from_provider"))),
                violation_error_message="A contract is novated from one provider to another.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%d %B %Y}"


@pghistory.track(meta=read_newest_first())
class DutyRule(models.Model):
    """What the law asks for after an event, as data that a lawyer corrects in the administration."""

    regime = models.CharField(max_length=30, choices=ProcurementRegime)
    cause = models.CharField(max_length=20, choices=DutyCause)
    code = models.SlugField(max_length=40, help_text="Of the notice, such as uk10.")
    title = models.CharField(max_length=200)
    law = models.CharField("where the law says so", max_length=200)
    days = models.SmallIntegerField(
        null=True, blank=True, help_text="Days from the event by which it is done; 0 on the day; below 0 before it."
    )
    is_working_days = models.BooleanField(default=False)
    value_change_from = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Only for a change of value of so many pounds.",
    )
    percent_change_above = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Only above this share of value or of term."
    )
    contract_value_above = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Only for contracts worth more in whole."
    )
    only_grounds = models.CharField(
        max_length=200, blank=True, help_text="Only for a change on one of these grounds: their codes, with spaces."
    )
    only_with_kpis = models.BooleanField("only where KPIs are published", default=False)
    note = models.TextField(blank=True, max_length=1_000, help_text="What is not certain, or where it does not apply.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["regime", "cause", "pk"]
        default_permissions = ("view", "change", "add")
        constraints = [
            models.UniqueConstraint(fields=["regime", "cause", "code", "valid_from"], name="duty_rule_once"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(meta=read_newest_first())
class Duty(models.Model):
    """What the law asks for on this contract: by when, and done when, or why it is not needed."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="duties")
    event = models.ForeignKey(LifeEvent, models.CASCADE, null=True, blank=True, related_name="duties")
    rule = models.ForeignKey(DutyRule, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    law = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=1_000)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.CharField("number of the notice", max_length=120, blank=True)
    not_needed_because = models.TextField(blank=True, max_length=600)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        default_permissions = ()
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                name="duty_done_or_not_needed",
                condition=Q(done_on=None) | Q(not_needed_because=""),
                violation_error_message="A duty is either done or not needed.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "contract"], condition=Q(done_on=None, not_needed_because=""), name="duty_open"
            ),
        ]

    def __str__(self) -> str:
        return self.title
