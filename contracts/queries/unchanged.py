"""Whether a month may be returned as unchanged with one tick. Pure: rows come in loaded."""

import datetime
from collections.abc import Sequence

from contracts.choices import ReturnState
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.queries.closing import ClosedMonth, closed_words
from contracts.queries.kpi_facts import KpiFacts
from contracts.queries.return_words import stated_before
from contracts.rules.returns import previous_month, unchanged_refusal


def last_that_counts(rows: Sequence[MonthlyReturn], month: datetime.date) -> MonthlyReturn | None:
    """Last month's return, where it states anything."""
    last_month = previous_month(month)
    return next((row for row in rows if row.month == last_month and row.counts), None)


def why_not_unchanged(
    contract: Contract,
    rows: Sequence[MonthlyReturn],
    month: datetime.date,
    *,
    closed: MonthReview | ClosedMonth | None,
    kpis: KpiFacts,
) -> str:
    """As a sentence; empty where it may. ``rows`` are the month's return and those of the two months before."""
    row = next((each for each in rows if each.month == month), None)
    if row is not None and row.counts:
        return "It has been returned already."
    if closed:
        return f"{closed_words(closed)} Open the return to amend it with a reason."
    if not contract.expects_return(month):
        return f"No return is expected of this contract for {month:%B %Y}."
    if row is not None and row.state == ReturnState.SENT_BACK:
        return "It was sent back: open it."
    last = last_that_counts(rows, month)
    refusal = unchanged_refusal(stated_before(rows, month), figures_due=kpis.due)
    return refusal or _refusal_by_the_kpis(last, kpis, month) or _refusal_of_a_draft(row, last)


def _refusal_by_the_kpis(last: MonthlyReturn | None, kpis: KpiFacts, month: datetime.date) -> str:
    """Last month's score may be one that this month's KPIs do not bear out; a reason is never carried on."""
    against = kpis.against(last.jet_score if last else None, month)
    return f"{against} Open it to choose another score, or to say why this one stands." if against else ""


def _refusal_of_a_draft(row: MonthlyReturn | None, last: MonthlyReturn | None) -> str:
    """What was typed is not thrown away by a tick; a draft that states just what last month's did may go."""
    if row is None or last is None:
        return ""
    says_the_same = _figures(row) == _figures(last) and row.narrative in ("", last.narrative) and not row.kpi_reason
    return "" if says_the_same else "A draft has been typed: open it."


def _figures(row: MonthlyReturn) -> tuple[str, int | None, str]:
    return row.risk, row.jet_score, row.not_assessed_reason
