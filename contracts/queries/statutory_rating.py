"""Ratings in the terms of the Procurement Act: those given, and what a period's grades propose."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import BigIntegerField, Q

from contracts.choices import ActRating
from contracts.models import Contract, Kpi, MonthlyReturn, StatutoryRating
from contracts.queries.built_once import Given, Prepared, naming
from contracts.queries.grade_views import jet_given
from contracts.queries.kpi_evidence import evidence_of
from contracts.rules.evidence import Evidence
from contracts.rules.jet import Jet, words_of
from contracts.rules.returns import month_start, months_back, months_ending, next_month
from contracts.rules.statutory_rating import ASSESSED_EVERY, is_statutory, proposed_rating

MONTHS_OFFERED = 36


@dataclass(frozen=True)
class Proposal:
    """What the newest grade of a period amounts to, and whether the Act asks for the rating."""

    from_month: datetime.date
    to_month: datetime.date
    rating: ActRating
    graded: datetime.date
    jet: Jet
    evidence: Evidence
    is_statutory: bool

    @property
    def why(self) -> str:
        """«From the grade of October 2014, 4 Satisfactory; its KPIs: 2 of 3 met, 1 short: improving, with a plan.»"""
        kpis = f"; its KPIs: {self.evidence.words}" if self.evidence.total else ""
        return f"From the grade of {self.graded:%B %Y}: {words_of(self.jet, on=self.graded)}{kpis}."

    @property
    def duty_words(self) -> str:
        if self.is_statutory:
            return "Section 71 of the Procurement Act 2023 asks for this assessment at least once in every 12 months."
        return "Voluntary: section 71 of the Procurement Act 2023 does not ask for this assessment."


def propose(contract: Contract, from_month: datetime.date, to_month: datetime.date) -> Proposal | None:
    """From the newest score of the period; where only «not assessed» was returned, from that. None without returns."""
    rows = MonthlyReturn.objects.that_count().filter(contract=contract, month__range=(from_month, to_month))
    returned = list(rows.order_by("-month"))
    if not returned:
        return None
    row = next((each for each in returned if each.jet_score is not None), returned[0])
    evidence = evidence_of([contract.pk], row.month)[contract.pk]
    published = Kpi.objects.filter(
        Q(last_month=None) | Q(last_month__gte=from_month),
        contract=contract,
        is_published=True,
        first_month__lte=to_month,
    )
    statutory = is_statutory(
        regime=contract.procurement_regime, has_published_kpis=published.exists(), to_month=to_month
    )
    jet = jet_given(row)
    return Proposal(from_month, to_month, proposed_rating(jet, evidence), row.month, jet, evidence, statutory)


RATINGS: Final = Prepared(
    lambda: naming(StatutoryRating.objects.filter(contract_id=Given("contract", BigIntegerField())), "rated_by")
)


def ratings_of(contract: Contract) -> list[StatutoryRating]:
    """Newest first."""
    return RATINGS.rows(contract=contract.pk)


def months_offered(today: datetime.date) -> list[datetime.date]:
    """Three years of months that are over, newest first."""
    newest = months_back(month_start(today), 1)
    return list(reversed(months_ending(newest, MONTHS_OFFERED)))


def next_period(contract: Contract, ratings: list[StatutoryRating], today: datetime.date) -> tuple[datetime.date, ...]:
    """(from, to) of the period to rate next: after the last one rated, twelve months at most and over by now.

    Where every month that is over is rated, the last period rated, to be rated again.
    """
    newest = months_back(month_start(today), 1)
    last_rated = max(ratings, key=lambda row: row.to_month, default=None)
    if last_rated and last_rated.to_month >= newest:
        return last_rated.from_month, last_rated.to_month
    last = last_rated.to_month if last_rated else None
    started = month_start(contract.start) if contract.start else newest
    first = next_month(last) if last else max(started, months_back(newest, ASSESSED_EVERY - 1))
    return min(first, newest), min(months_back(first, 1 - ASSESSED_EVERY), newest)
