import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.models.contract import Contract
from contracts.models.history import read_newest_first

#: Keeps the contract's sums of option months true, whatever writes the options.
_KEEP_MONTHS = """
UPDATE contracts_contract SET
    option_months = (SELECT coalesce(sum(months), 0) FROM contracts_extensionoption o
                     WHERE o.contract_id = contracts_contract.id),
    exercised_months = (SELECT coalesce(sum(months) FILTER (WHERE exercised_on IS NOT NULL), 0)
                        FROM contracts_extensionoption o WHERE o.contract_id = contracts_contract.id)
WHERE id = {row}.contract_id
  AND (option_months, exercised_months) <> (
    SELECT coalesce(sum(months), 0), coalesce(sum(months) FILTER (WHERE exercised_on IS NOT NULL), 0)
    FROM contracts_extensionoption o WHERE o.contract_id = {row}.contract_id);
"""


@pghistory.track(meta=read_newest_first())
class ExtensionOption(models.Model):
    """A right to extend by whole months after the first term, used in order."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
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
