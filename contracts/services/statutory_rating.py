"""The rating of a period in the terms of the Procurement Act: as the grades propose, or another with a reason."""

import datetime
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import ActRating
from contracts.models import Contract, StatutoryRating
from contracts.queries.standing_in import acting_for
from contracts.queries.statutory_rating import Proposal, propose
from contracts.rules.statutory_rating import overlap_fault, period_fault, unrated_fault

REASON_LENGTH: Final = 1_000


def rate_period(
    *,
    contract: Contract,
    from_month: datetime.date,
    to_month: datetime.date,
    rating: str,
    reason: str,
    version: int,
    by: User,
) -> StatutoryRating:
    """Rate the period, or rate again one that ends with the same month; ``version`` 0 says that there was none.

    A reason stands only beside another rating than proposed. Raises ValidationError, or Conflict with the newer one.
    """
    proposal = proposal_for(contract, from_month, to_month)
    _refuse_faults(proposal, rating, reason)
    absent = acting_for(contract, by)
    why = reason.strip() if rating != proposal.rating else ""
    with act("Performance rated under the Procurement Act", by=by, reason=why, on_behalf_of=absent):
        Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)
        rows = StatutoryRating.objects.select_related("rated_by").select_for_update(of=("self",))
        row = rows.filter(contract=contract, to_month=to_month).first()
        if (row.version if row else 0) != version:
            raise Conflict(row)
        refuse_overlap(contract, from_month, to_month)
        row = row or StatutoryRating(contract=contract, to_month=to_month, version=0)
        row.from_month, row.proposed, row.is_statutory = from_month, proposal.rating, proposal.is_statutory
        row.rating, row.reason = rating, why
        row.rated_by, row.rated_at = by, clock.now()
        row.version += 1
        row.full_clean()
        row.save()
    return row


def proposal_for(contract: Contract, from_month: datetime.date, to_month: datetime.date) -> Proposal:
    """Raises ValidationError for a contract not started, and a period not over or in which nothing was returned."""
    if too_early := unrated_fault(start=contract.start, today=clock.today()):
        raise ValidationError(too_early)
    fault = period_fault(from_month, to_month, today=clock.today())
    if fault:
        raise ValidationError({"to_month": fault})
    proposal = propose(contract, from_month, to_month)
    if proposal is None:
        span = f"from {from_month:%B %Y} to {to_month:%B %Y}"
        raise ValidationError({"from_month": f"Nothing was returned {span}: there is no grade to rate."})
    return proposal


def refuse_overlap(contract: Contract, from_month: datetime.date, to_month: datetime.date) -> None:
    """Raises ValidationError where another rating has months of the period; the newest rating is named first."""
    rated = StatutoryRating.objects.filter(contract=contract).values_list("from_month", "to_month")
    if faults := overlap_fault(from_month, to_month, rated=rated):
        raise ValidationError(faults)


def _refuse_faults(proposal: Proposal, rating: str, reason: str) -> None:
    faults: dict[str, str] = {}
    if rating not in ActRating.values:
        faults["rating"] = "Choose one of the five ratings."
    elif rating != proposal.rating and not reason.strip():
        faults["reason"] = f"The grades propose “{proposal.rating.label}”. Say why the rating is another."
    if len(reason.strip()) > REASON_LENGTH:
        faults["reason"] = f"Use {REASON_LENGTH:,} characters or fewer."
    if faults:
        raise ValidationError(faults)
