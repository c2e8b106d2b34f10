import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commissioning.models.history import read_newest_first
from contracts.models.contract import Contract
from contracts.rules import terms

#: Keeps the contract's sums of option months true, whatever writes the options.
_KEEP_MONTHS = """
UPDATE contracts_contract c SET (option_months, exercised_months) = (sums.granted, sums.exercised)
FROM (
    SELECT coalesce(sum(coalesce(used_months, months)), 0) AS granted,
           coalesce(sum(coalesce(used_months, months)) FILTER (WHERE exercised_on IS NOT NULL), 0) AS exercised
    FROM contracts_extensionoption WHERE contract_id = {row}.contract_id
) sums
WHERE c.id = {row}.contract_id AND (c.option_months, c.exercised_months) <> (sums.granted, sums.exercised);
"""


@pghistory.track(meta=read_newest_first())
class ExtensionOption(models.Model):
    """A right to extend by whole months after the first term, used in order."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    used_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Where it was exercised for fewer months than it grants: the rest lapses."
    )
    is_outside = models.BooleanField(
        "outside the contract’s options", default=False, help_text="Agreed later, on a ground in law."
    )
    exercised_on = models.DateField(null=True, blank=True, help_text="The day the decision was taken.")
    exercised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="option_position_once"),
            models.CheckConstraint(
                name="option_has_months",
                condition=Q(months__gte=1),
                violation_error_message="An option to extend lasts at least a month.",
            ),
            models.CheckConstraint(
                name="option_used_within_its_months",
                condition=Q(used_months=None)
                | Q(used_months__gte=1, used_months__lte=F("months"), exercised_on__isnull=False),
                violation_error_message="An option is exercised for at least a month and no longer than it grants.",
            ),
            models.CheckConstraint(
                name="extension_outside_is_exercised",
                condition=Q(is_outside=False) | Q(exercised_on__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_months_written",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_KEEP_MONTHS.format(row="NEW") + "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="keep_months_deleted",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func=_KEEP_MONTHS.format(row="OLD") + "RETURN OLD;",
            ),
        ]

    def __str__(self) -> str:
        return f"Option {self.position}, {self.months} months"

    @property
    def months_that_count(self) -> int:
        return self.months if self.used_months is None else self.used_months

    @property
    def as_rule(self) -> terms.ExtensionOption:
        """What the rules of the term ask of an option."""
        return terms.ExtensionOption(self.position, self.months_that_count, self.exercised_on)
