"""The monthly reviews of the demonstration: every month up to September held and closed, October still to come."""

from datetime import datetime, time
from typing import Final

from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from contracts.models import MonthReview

from .calendar import MONTHS, SEPTEMBER
from .people import ADEYEMI, COMMISSIONER, KEMI, SAM, THORNE
from .returns import LONDON, review_day

CLOSED_AT: Final = time(13, 0)
PRESENT: Final = ", ".join((COMMISSIONER, SAM, KEMI, THORNE, ADEYEMI))


def write_reviews(unit: CommissioningUnit, *, by: User) -> None:
    """Accepted in the morning of the review, and closed at its end."""
    months = [month for month in MONTHS if month <= SEPTEMBER]
    with act("Month closed", by=by):
        MonthReview.objects.bulk_create(
            MonthReview(
                unit=unit,
                month=month,
                held_on=review_day(month),
                present=PRESENT,
                closed_at=datetime.combine(review_day(month), CLOSED_AT, tzinfo=LONDON),
                closed_by=by,
            )
            for month in months
        )
