from django.db import models

from contracts.models.contract import Contract


class ImportedRelease(models.Model):
    """The published release that was last read for a contract, whether or not it changed anything.

    «Last» is by the order of publication, not of reading: a release read late never takes a later one's place.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="imported_releases")
    ocid = models.CharField("open contracting identifier", max_length=120)
    award_id = models.CharField(
        max_length=255, blank=True, help_text="The award within the process; empty while it is being procured."
    )
    release_id = models.TextField()
    released_at = models.DateTimeField()
    read_at = models.DateTimeField()
    said = models.JSONField(
        default=dict,
        help_text="For each field the digest of what a release last said of it, and that release's place in order.",
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contract", "ocid", "award_id"], name="release_last_read_once_an_award")
        ]

    def __str__(self) -> str:
        return f"{self.ocid} {self.release_id}"
