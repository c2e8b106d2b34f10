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

#: Over ``said`` (`dashboard_statement`). The returns before last month's are read only where the two newest do not
#: settle it: ``risks`` are the first letters of theirs, the newest first, ``graded`` the newest score among them.
_JUDGED: Final = """
rule AS (
    SELECT * FROM json_to_recordset(%(rules)s::json) AS rule(
        number int, units bigint[], red boolean, jet_at_most int, jet_fall_at_least int, months_without_return int,
        amber_months int, contradicts_kpis boolean, disagreement_at_least int, steps_overdue int)
), judged AS MATERIALIZED (
    SELECT s.*, r.red, r.jet_at_most, r.jet_fall_at_least, r.months_without_return, r.amber_months,
        r.contradicts_kpis, r.disagreement_at_least, r.steps_overdue, e.risks, e.newest, e.newest_jet, e.graded
    FROM said s
    LEFT JOIN (SELECT unnest(units) AS unit_id, number FROM rule) own ON own.unit_id = s.unit_id
    JOIN rule r ON r.number = coalesce(own.number, 0)
    LEFT JOIN LATERAL (
        SELECT string_agg(left(risk, 1), '' ORDER BY month DESC) AS risks, max(month) AS newest,
            (array_agg(jet_score ORDER BY month DESC))[1] AS newest_jet,
            (array_agg(jet_score ORDER BY month DESC) FILTER (WHERE jet_score IS NOT NULL))[1] AS graded
        FROM contracts_monthlyreturn
        WHERE contract_id = s.id AND month >= %(history)s AND month < %(previous)s AND state IN %(counting)s
    ) e ON s.last_risk IS NULL OR s.last_risk <> 'green' OR s.this_risk = 'red'
        OR (s.this_jet IS NOT NULL AND s.last_jet IS NULL)
    WHERE s.is_due
)"""
#: What KPIs, views and late steps say against the grade, of contracts on which the person reads it.
_BESIDE: Final = """
graded AS (
    SELECT id, this_jet AS score FROM judged WHERE is_read AND contradicts_kpis AND this_jet IS NOT NULL
), {contradicted}, disputed AS (
    SELECT j.id, max(abs(v.score - j.this_jet)) AS apart
    FROM judged j JOIN contracts_gradeview v ON v.contract_id = j.id AND v.month = %(month)s
    WHERE j.is_read AND j.this_jet IS NOT NULL GROUP BY j.id
), late AS (
    SELECT j.id, count(*) AS steps
    FROM judged j JOIN contracts_planstep step ON step.contract_id = j.id AND step.due_on < %(day)s
    JOIN contracts_improvementplan plan ON plan.id = step.plan_id
    WHERE j.is_read AND {is_late} GROUP BY j.id
)"""
#: As ``PlanStepQuerySet.overdue_now`` and ``overdue_on``.
_LATE_NOW: Final = "step.state <> 'done' AND plan.closed_on IS NULL"
_LATE_THEN: Final = """(step.state <> 'done' OR step.done_on > %(day)s) AND plan.agreed_on <= %(day)s
        AND (plan.closed_on IS NULL OR plan.closed_on > %(day)s)"""
#: ``known`` are the risks of all returns, ``known_before`` of those before the month's own; ``silent`` counts the
#: months owed and not returned that end with the newest owed one, ``silent_before`` those that end with last month.
_DECIDED: Final = """
told AS (
    SELECT j.*, against.contract_id IS NOT NULL AS contradicts, coalesce(late.steps, 0) AS late_steps, disputed.apart,
        concat(left(j.this_risk, 1), left(j.last_risk, 1), j.risks) AS known,
        concat(left(j.last_risk, 1), j.risks) AS known_before,
        CASE WHEN j.last_risk IS NULL THEN j.newest_jet ELSE j.last_jet END AS jet_before,
        coalesce(j.last_jet, j.graded) - j.this_jet AS fall,
        CASE WHEN j.last_risk IS NOT NULL THEN 0 ELSE least(
            11, %(month_number)s - 1 - (extract(year FROM j.newest) * 12 + extract(month FROM j.newest)),
            greatest(0, %(month_number)s - (extract(year FROM j.first_owed) * 12 + extract(month FROM j.first_owed)))
        ) END AS silent_before
    FROM judged j LEFT JOIN against ON against.contract_id = j.id
    LEFT JOIN disputed ON disputed.id = j.id LEFT JOIN late ON late.id = j.id
), decided AS (
    SELECT *, this_risk = 'red' AND left(known_before, 1) <> 'r' AS is_newly_red,
        length(known) - length(ltrim(known, 'r')) AS red_months,
        coalesce(red AND left(known, 1) = 'r', false)
            OR coalesce(CASE WHEN this_risk IS NULL THEN jet_before ELSE this_jet END <= jet_at_most, false)
            OR coalesce(fall >= jet_fall_at_least, false)
            OR coalesce(this_risk IS NULL AND silent_before + is_over::int >= months_without_return, false)
            OR coalesce(length(known) - length(ltrim(known, 'a')) >= amber_months, false)
            OR contradicts OR coalesce(apart >= disagreement_at_least, false)
            OR coalesce(late_steps >= steps_overdue, false) AS is_of_concern,
        this_risk IS NOT NULL AND (
            coalesce(red AND left(known_before, 1) = 'r', false)
            OR coalesce(jet_before <= jet_at_most, false)
            OR coalesce(silent_before >= months_without_return, false)
            OR coalesce(length(known_before) - length(ltrim(known_before, 'a')) >= amber_months, false)
        ) AS was_of_concern
    FROM told
), listed AS MATERIALIZED (
    SELECT id, risk, is_newly_red, contradicts, late_steps, is_named, place,
        count(*) FILTER (WHERE is_named) OVER best AS named_place,
        count(*) FILTER (WHERE risk = 'red') OVER best AS red_place
    FROM (
        SELECT *, is_of_concern OR was_of_concern AS is_named, row_number() OVER (ORDER BY
            CASE WHEN was_of_concern AND NOT is_of_concern THEN 4 WHEN is_newly_red THEN 0 WHEN risk = 'red' THEN 1
                WHEN risk IS NULL THEN 2 ELSE 3 END,
            coalesce(jet, 10), red_months DESC, id) AS place
        FROM decided WHERE is_of_concern OR was_of_concern OR risk = 'red'
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
            WHERE v.contract_id = c.id AND v.month = %(month)s AND EXISTS (SELECT 1 FROM judged j
                WHERE j.id = c.id AND j.is_read AND j.this_jet IS NOT NULL) ORDER BY side
        ) AS others
    FROM listed JOIN contracts_contract c ON c.id = listed.id
    JOIN commissioning_commissioningunit u ON u.id = c.unit_id
    WHERE (is_named AND named_place <= %(named_shown)s) OR (risk = 'red' AND red_place <= %(red_shown)s)
)"""


def concern_tables(month: ReturnMonth) -> str:
    """Common table expressions over ``said``: ``listed`` is everything red or of concern, ``shown`` the first of it."""
    is_late = _LATE_NOW if month.as_at >= clock.today() else _LATE_THEN
    beside = _BESIDE.format(contradicted=CONTRADICTED.strip(), is_late=is_late)
    return ", ".join(part.strip() for part in (_JUDGED, beside, _DECIDED, _SHOWN))


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
