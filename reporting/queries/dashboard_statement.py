"""What the dashboard counts, in one statement: each contract in sight is read once and every figure follows from it."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from contracts.choices import COUNTING
from contracts.queries.concern_rules import UnitRules
from reporting.queries.concern_statement import concern_tables, concern_values
from reporting.queries.month import ReturnMonth

QUEUE_ROWS: Final = 4
CONCERNS_SHOWN: Final = 12

#: The view of the month: its own return's, else last month's while that holds.
_SAID: Final = """
said AS (
    SELECT *, CASE WHEN this_risk IS NOT NULL THEN this_risk WHEN NOT is_over THEN last_risk END AS risk,
        CASE WHEN this_risk IS NOT NULL THEN this_jet WHEN NOT is_over THEN last_jet END AS jet
    FROM counted
)"""
_NOW: Final = """
SELECT risk, jet, this_risk IS NOT NULL AS is_returned, management, working_day, count(*) AS number,
    sum(annual_value)::text AS annual, sum(whole_life_value)::text AS whole_life,
    count(*) FILTER (WHERE annual_value IS NULL) AS without_value
FROM said WHERE is_due GROUP BY 1, 2, 3, 4, 5"""
_BEFORE: Final = """
SELECT was_risk AS risk, was_jet AS jet, last_risk IS NOT NULL AS is_returned, count(*) AS number
FROM said WHERE was_due GROUP BY 1, 2, 3"""
#: The person's own and the devolved ones are shown whatever is left of the others'.
_LOADS: Final = """
SELECT officer_id, is_devolved, total, "left",
    coalesce(person.name, CASE WHEN is_devolved THEN 'Devolved (service areas)' ELSE 'No officer named' END) AS name
FROM (
    SELECT CASE WHEN management <> 'devolved' THEN officer_id END AS officer_id,
        management = 'devolved' AS is_devolved, count(*) AS total, count(*) FILTER (WHERE this_risk IS NULL) AS "left"
    FROM said WHERE is_due GROUP BY 1, 2
) load LEFT JOIN accounts_user person ON person.id = officer_id
WHERE "left" > 0
ORDER BY is_devolved OR officer_id = %(user)s IS TRUE DESC, "left" DESC, name LIMIT %(queue_rows)s + 2"""
_SPEND: Final = """
SELECT organisation.name, organisation.kind, annual::text, whole_life::text FROM (
    SELECT organisation_id, sum(annual_amount) AS annual, sum(whole_life_amount) AS whole_life
    FROM contracts_contractfunding share JOIN counted ON counted.id = share.contract_id AND counted.is_due
    GROUP BY 1
) paid JOIN commissioning_organisation organisation ON organisation.id = organisation_id"""
_PROVIDERS: Final = """
SELECT count(*) FROM (
    SELECT DISTINCT organisation_id FROM contracts_contractprovider named
    JOIN counted ON counted.id = named.contract_id AND counted.is_due
) named"""
_LISTED: Final = """
SELECT count(*) FILTER (WHERE is_named) AS named, count(*) FILTER (WHERE risk = 'red' AND is_newly_red) AS newly_red
FROM listed"""
#: Newly red first, then the largest fall of JET, then the worst.
_REVIEWS: Final = """
SELECT c.slug, c.title, u.code AS unit_code, found.* FROM (
    SELECT id, risk, jet, last_risk, last_jet, is_newly_red, count(*) OVER () AS total
    FROM decided WHERE waits
) found
JOIN contracts_contract c ON c.id = found.id JOIN commissioning_commissioningunit u ON u.id = c.unit_id
ORDER BY is_newly_red DESC, last_jet - jet DESC NULLS LAST,
    CASE risk WHEN 'red' THEN 0 WHEN 'amber' THEN 1 ELSE 2 END, c.title, c.id
LIMIT %(queue_rows)s"""
_LISTS: Final = {
    "now": _NOW,
    "before": _BEFORE,
    "loads": _LOADS,
    "spend": _SPEND,
    "shown": "SELECT * FROM shown ORDER BY place",
    "reviews": _REVIEWS,
}


@dataclass(frozen=True)
class Counted:
    """The statement's answers: lists of rows by name, and three numbers."""

    now: list[dict[str, Any]]
    before: list[dict[str, Any]]
    loads: list[dict[str, Any]]
    spend: list[dict[str, Any]]
    shown: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    providers: int
    named: int
    newly_red: int


def counted_in(
    contracts: QuerySet[Any],
    month: ReturnMonth,
    *,
    rules: UnitRules,
    user_id: int | None,
    named_shown: int = CONCERNS_SHOWN,
    red_shown: int = QUEUE_ROWS,
) -> Counted:
    """Over the rows of `dashboard_counted.counted`; one query. The amounts are texts, exact to the penny.

    Of the list of concern the first ``named_shown`` come back, and of what is red ``red_shown``.
    """
    try:
        of_contracts, values = _named(contracts)
    except EmptyResultSet:  # who may see no contract at all: nothing is asked
        return Counted(**{name: [] for name in _LISTS}, providers=0, named=0, newly_red=0)
    values |= concern_values(month, rules, named=named_shown, red=red_shown)
    values |= {
        "user": user_id,
        "queue_rows": QUEUE_ROWS,
        "counting": COUNTING,
        "previous": month.previous,
        "history": month.history[0],
    }
    lists = ", ".join(f"(SELECT json_agg(r) FROM ({rows}) r)" for rows in _LISTS.values())  # noqa: S608 (all texts are our own)
    statement = f"""
        WITH counted AS MATERIALIZED ({of_contracts}), {_SAID}, {concern_tables(month)}
        SELECT {lists}, ({_PROVIDERS}), listing.* FROM ({_LISTED}) listing"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        *found, providers, named, newly_red = cursor.fetchone()
    by_name = dict(zip(_LISTS, (rows or [] for rows in found), strict=True))
    return Counted(**by_name, providers=providers, named=named, newly_red=newly_red)


def _named(contracts: QuerySet[Any]) -> tuple[str, dict[str, Any]]:
    """A queryset's own statement with its values under names, as the rest has them."""
    sql, given = contracts.query.sql_with_params()
    values = {f"of_contracts_{place}": value for place, value in enumerate(given)}
    return sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in values), values
