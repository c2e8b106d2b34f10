"""Jobs of commissioning: each does no harm when it runs twice."""

from celery import shared_task

from commissioning.services.partners import sweep_ended_partners


@shared_task(name="commissioning.sweep_ended_partners")
def sweep_partners() -> None:
    """The Scope reads the dates, so an ended partner sees nothing anyhow: this leaves no grant behind."""
    sweep_ended_partners()
