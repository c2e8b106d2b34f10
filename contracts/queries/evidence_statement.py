"""The KPI column of the scale as SQL, for lists that must be decided before their contracts are read.

`rules/evidence.py` and `queries/kpis.evidence_of` say the same in Python; a test holds the two equal.
"""

import datetime
from typing import Any, Final

from contracts.choices import KpiFrequency
from contracts.queries.kpis import MONTHS_READ
from contracts.rules.kpis import last_due
from contracts.rules.returns import month_end, months_back, next_month

#: Over ``graded`` (id, score): ``against`` are the contracts whose month's KPIs do not bear the score out. What only a
#: KPI that is short is asked, whether it gets better and has a plan, is looked up for those alone.
CONTRADICTED: Final = """
kpi_reading AS (
    SELECT k.id, k.contract_id, g.score, k.direction, k.unit, r.month, r.value, r.plan, t.target,
        coalesce(t.upper, t.target) AS upper, t.tolerance
    FROM graded g
    JOIN contracts_kpi k ON k.contract_id = g.id
        AND k.first_month <= %(month)s AND (k.last_month IS NULL OR k.last_month >= %(month)s)
    JOIN (VALUES ('monthly', %(monthly_due)s::date), ('quarterly', %(quarterly_due)s),
        ('half_yearly', %(half_yearly_due)s), ('yearly', %(yearly_due)s)) due (frequency, month) USING (frequency)
    JOIN contracts_kpireading r ON r.kpi_id = k.id AND r.month = due.month AND r.month IN %(months_due)s
        AND r.value IS NOT NULL
    JOIN LATERAL (
        SELECT target, upper, tolerance FROM contracts_kpitarget
        WHERE kpi_id = k.id AND from_month <= r.month ORDER BY from_month DESC LIMIT 1
    ) t ON true
), kpi_standing AS (
    SELECT *,
        CASE direction WHEN 'at_least' THEN value < target - tolerance WHEN 'at_most' THEN value > target + tolerance
            ELSE value NOT BETWEEN target - tolerance AND upper + tolerance END AS is_short,
        CASE direction
            WHEN 'at_least' THEN value > target + tolerance OR (unit = 'percent' AND value = 100)
            WHEN 'at_most' THEN value < target - tolerance OR (unit <> 'pounds' AND value = 0)
            ELSE value BETWEEN target - tolerance AND upper + tolerance END AS is_above_or_best
    FROM kpi_reading
), kpi_said AS MATERIALIZED (
    SELECT s.contract_id, s.score, s.is_short, s.is_above_or_best, s.is_short AND (
            SELECT CASE s.direction WHEN 'at_least' THEN s.value > b.value WHEN 'at_most' THEN s.value < b.value
                ELSE greatest(s.target - s.value, s.value - s.upper) < greatest(s.target - b.value, b.value - s.upper)
                END
            FROM contracts_kpireading b
            WHERE b.kpi_id = s.id AND b.value IS NOT NULL AND b.month < s.month AND b.month >= %(readings_from)s
            ORDER BY b.month DESC LIMIT 1
        ) AS is_improving,
        CASE WHEN NOT s.is_short OR s.plan <> '' THEN s.plan WHEN EXISTS (
            SELECT 1 FROM contracts_improvementplan_kpis named
            JOIN contracts_improvementplan p ON p.id = named.improvementplan_id
            WHERE named.kpi_id = s.id AND p.agreed_on <= %(plans_agreed_by)s
                AND (p.closed_on IS NULL OR p.closed_on > %(month_end)s)
        ) THEN 'in_place' ELSE 'none' END AS plan
    FROM kpi_standing s
), kpi_counted AS (
    SELECT contract_id, score, count(*) AS total, count(*) FILTER (WHERE is_short) AS short,
        count(*) FILTER (WHERE is_above_or_best) AS above_or_best,
        count(*) FILTER (WHERE is_improving) AS improving,
        count(*) FILTER (WHERE is_short AND plan = 'in_place') AS planned,
        count(*) FILTER (WHERE is_short AND plan IN ('in_place', 'willing')) AS willing
    FROM kpi_said GROUP BY contract_id, score
), against AS MATERIALIZED (
    SELECT contract_id FROM kpi_counted WHERE NOT CASE score
        WHEN 9 THEN short = 0 AND above_or_best = total
        WHEN 8 THEN short = 0 AND 2 * above_or_best > total
        WHEN 7 THEN short = 0
        WHEN 6 THEN 2 * short < total AND planned = short
        WHEN 5 THEN short > 0 AND 2 * short <= total AND improving = short
        WHEN 4 THEN short > 0 AND 2 * short <= total AND planned = short
        WHEN 3 THEN 2 * short > total AND planned = short
        WHEN 2 THEN 2 * short > total AND willing = short
        ELSE short = total AND willing = 0 END
)"""


def contradicted_values(month: datetime.date) -> dict[str, Any]:
    """What the statement asks for, of a month."""
    due = {f"{frequency}_due": last_due(month, frequency=frequency) for frequency in KpiFrequency}
    return {
        **due,
        "months_due": tuple(set(due.values())),
        "month": month,
        "month_end": month_end(month),
        "plans_agreed_by": month_end(next_month(month)),
        "readings_from": months_back(month, MONTHS_READ - 1),
    }
