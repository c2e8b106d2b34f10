"""The list of concern as SQL, so that the database decides who is on it, in which order, and how many there are.

`contracts/rules/concern.py` says the same of one contract in Python, and words it; a test holds the two equal.
"""

import json
from dataclasses import asdict
from typing import Any, Final

from accounts import clock
from contracts.queries.concern_rules import UnitRules
from contracts.queries.evidence_statement import CONTRADICTED, contradicted_values
from reporting.queries.month import ReturnMonth

#: Over ``counted`` (`dashboard_counted`): what KPIs, views and late steps say against the grade, of contracts on which
#: the person reads it.
_BESIDE: Final = """
graded AS (
    SELECT id, this_jet AS score FROM counted WHERE is_due AND is_read AND this_jet IS NOT NULL
), {contradicted}, disputed AS MATERIALIZED (
    SELECT g.id, max(abs(v.score - g.score)) AS apart
    FROM graded g JOIN contracts_gradeview v ON v.contract_id = g.id AND v.month = %(month)s GROUP BY g.id
), late AS MATERIALIZED (
    SELECT c.id, count(*) AS steps
    FROM counted c JOIN contracts_planstep step ON step.contract_id = c.id AND step.due_on < %(day)s
    JOIN contracts_improvementplan plan ON plan.id = step.plan_id
    WHERE c.is_due AND c.is_read AND {is_late} GROUP BY c.id
)"""
#: As ``PlanStepQuerySet.overdue_now`` and ``overdue_on``.
_LATE_NOW: Final = "step.state <> 'done' AND plan.closed_on IS NULL"
_LATE_THEN: Final = """(step.state <> 'done' OR step.done_on > %(day)s) AND plan.agreed_on <= %(day)s
        AND (plan.closed_on IS NULL OR plan.closed_on > %(day)s)"""
#: What the returns before last month's add, where the two newest do not settle it: of the newest its risk, score and
#: month, how long a run of that risk ends with it, and the newest score given.
_EARLIER: Final = """
earlier AS MATERIALIZED (
    SELECT c.id, e.risk, e.jet, e.month, e.graded, length(e.risks) - length(ltrim(e.risks, left(e.risks, 1))) AS run
    FROM counted c CROSS JOIN LATERAL (
        SELECT string_agg(left(risk, 1), '' ORDER BY month DESC) AS risks, max(month) AS month,
            (array_agg(risk ORDER BY month DESC))[1] AS risk, (array_agg(jet_score ORDER BY month DESC))[1] AS jet,
            (array_agg(jet_score ORDER BY month DESC) FILTER (WHERE jet_score IS NOT NULL))[1] AS graded
        FROM contracts_monthlyreturn
        WHERE contract_id = c.id AND month >= %(history)s AND month < %(previous)s AND state IN %(counting)s
    ) e
    WHERE c.is_due AND (c.last_risk IS NULL OR c.last_risk <> 'green' OR c.this_risk = 'red'
        OR (c.this_jet IS NOT NULL AND c.last_jet IS NULL))
)"""
#: ``newest`` is what is known now and ``before`` what was known before the month's own return. ``silent`` counts the
#: months owed and not returned that end with last month.
_TOLD: Final = """
told AS (
    SELECT s.*, against.contract_id IS NOT NULL AS contradicts, coalesce(late.steps, 0) AS late_steps, disputed.apart,
        coalesce(s.this_risk, s.last_risk, e.risk) AS newest, coalesce(s.last_risk, e.risk) AS before,
        CASE WHEN s.last_risk IS NULL THEN e.jet ELSE s.last_jet END AS jet_before,
        CASE WHEN s.last_risk IS NULL THEN coalesce(e.run, 0) WHEN s.last_risk = e.risk THEN 1 + e.run ELSE 1 END
            AS run_before,
        coalesce(s.last_jet, e.graded) - s.this_jet AS fall,
        CASE WHEN s.last_risk IS NOT NULL THEN 0 ELSE least(
            11, %(month_number)s - 1 - (extract(year FROM e.month) * 12 + extract(month FROM e.month)),
            greatest(0, %(month_number)s - (extract(year FROM s.first_owed) * 12 + extract(month FROM s.first_owed)))
        ) END AS silent
    FROM said s LEFT JOIN earlier e ON e.id = s.id
    LEFT JOIN against ON against.contract_id = s.id
    LEFT JOIN disputed ON disputed.id = s.id LEFT JOIN late ON late.id = s.id
    WHERE s.is_due
)"""
_DECIDED: Final = """
rule AS (
    SELECT * FROM json_to_recordset(%(rules)s::json) AS rule(
        number int, units bigint[], red boolean, jet_at_most int, jet_fall_at_least int, months_without_return int,
        amber_months int, contradicts_kpis boolean, disagreement_at_least int, steps_overdue int)
), judged AS (
    SELECT t.*, CASE WHEN this_risk IS NULL THEN run_before WHEN this_risk = before THEN 1 + run_before ELSE 1 END
            AS run,
        coalesce(t.this_risk = 'red' AND before IS DISTINCT FROM 'red', false) AS is_newly_red,
        coalesce(r.red AND newest = 'red', false)
            OR coalesce(CASE WHEN this_risk IS NULL THEN jet_before ELSE this_jet END <= r.jet_at_most, false)
            OR coalesce(fall >= r.jet_fall_at_least, false)
            OR coalesce(this_risk IS NULL AND silent + is_over::int >= r.months_without_return, false)
            OR coalesce(newest = 'amber' AND CASE WHEN this_risk IS NULL THEN run_before
                WHEN this_risk = before THEN 1 + run_before ELSE 1 END >= r.amber_months, false)
            OR (contradicts AND r.contradicts_kpis) OR coalesce(apart >= r.disagreement_at_least, false)
            OR coalesce(late_steps >= r.steps_overdue, false) AS is_of_concern,
        this_risk IS NOT NULL AND (
            coalesce(r.red AND before = 'red', false)
            OR coalesce(jet_before <= r.jet_at_most, false)
            OR coalesce(silent >= r.months_without_return, false)
            OR coalesce(before = 'amber' AND run_before >= r.amber_months, false)
        ) AS was_of_concern
    FROM told t
    LEFT JOIN (SELECT unnest(units) AS unit_id, number FROM rule) own ON own.unit_id = t.unit_id
    JOIN rule r ON r.number = coalesce(own.number, 0)
), decided AS MATERIALIZED (
    SELECT id, risk, jet, last_risk, last_jet, is_newly_red, contradicts, late_steps, is_of_concern,
        is_of_concern OR was_of_concern AS is_named, may_review AND this_state = 'submitted' AS waits,
        CASE WHEN newest = 'red' THEN run ELSE 0 END AS red_months, is_read AND this_jet IS NOT NULL AS is_graded
    FROM judged
    WHERE is_of_concern OR was_of_concern OR risk = 'red' OR (may_review AND this_state = 'submitted')
), listed AS MATERIALIZED (
    SELECT id, risk, is_newly_red, contradicts, late_steps, is_named, is_graded, place,
        count(*) FILTER (WHERE is_named) OVER best AS named_place,
        count(*) FILTER (WHERE risk = 'red') OVER best AS red_place
    FROM (
        SELECT *, row_number() OVER (ORDER BY
            CASE WHEN is_named AND NOT is_of_concern THEN 4 WHEN is_newly_red THEN 0 WHEN risk = 'red' THEN 1
                WHEN risk IS NULL THEN 2 ELSE 3 END,
            coalesce(jet, 10), red_months DESC, id) AS place
        FROM decided WHERE is_named OR risk = 'red'
    ) found
    WINDOW best AS (ORDER BY place)
)"""
#: What is shown of those that are.
_SHOWN: Final = """
shown AS (
    SELECT listed.*, c.unit_id, c.slug, c.title, c.start, c.effective_end, c.returns_from,
        u.first_return_month AS first_asked, u.return_working_day AS working_day, u.code AS unit_code,
        ARRAY(
            SELECT o.name FROM contracts_contractprovider p JOIN commissioning_organisation o
                ON o.id = p.organisation_id
            WHERE p.contract_id = c.id ORDER BY p.position, p.id
        ) AS providers,
        ARRAY(
            SELECT json_build_array(month, risk, jet_score) FROM contracts_monthlyreturn
            WHERE contract_id = c.id AND month BETWEEN %(history)s AND %(month)s AND state IN %(counting)s
        ) AS views,
        ARRAY(
            SELECT json_build_array(side, score) FROM contracts_gradeview v
            WHERE v.contract_id = c.id AND v.month = %(month)s AND listed.is_graded ORDER BY side
        ) AS others
    FROM listed JOIN contracts_contract c ON c.id = listed.id
    JOIN commissioning_commissioningunit u ON u.id = c.unit_id
    WHERE (is_named AND named_place <= %(named_shown)s) OR (risk = 'red' AND red_place <= %(red_shown)s)
)"""


def concern_tables(month: ReturnMonth) -> str:
    """Common table expressions over ``said``: ``listed`` is everything red or of concern, ``shown`` the first of it."""
    is_late = _LATE_NOW if month.as_at >= clock.today() else _LATE_THEN
    beside = _BESIDE.format(contradicted=CONTRADICTED.strip(), is_late=is_late)
    return ", ".join((beside, _EARLIER, _TOLD, _DECIDED, _SHOWN))


def concern_values(month: ReturnMonth, rules: UnitRules, *, named: int, red: int) -> dict[str, Any]:
    """What they ask for; ``named`` of the list are shown, and ``red`` of what is red."""
    groups = rules.by_rules()
    return {
        **contradicted_values(month.month),
        "month_number": month.month.year * 12 + month.month.month,
        "rules": json.dumps([
            {"number": number, "units": units, **asdict(its)} for number, (its, units) in enumerate(groups)
        ]),
        "day": month.as_at,
        "named_shown": named,
        "red_shown": red,
    }  # fmt: skip
