-- The standard columns of every contract that the register shows, as the cells of its file.
WITH seen AS MATERIALIZED (
    SELECT c.id, c.unit_id, c.title, c.service_area_id, c.annual_value, c.effective_end, c.officer_id,
           u.return_working_day >= %(open_from)s AND NOT EXISTS (
               SELECT FROM contracts_monthreview w
               WHERE w.unit_id = c.unit_id AND w.month = %(month)s AND w.closed_at IS NOT NULL) AS is_open
    FROM contracts_contract c
    JOIN commissioning_commissioningunit u ON u.id = c.unit_id
    WHERE %(sight)s AND c.start <= %(month_end)s AND (c.effective_end IS NULL OR c.effective_end >= %(month)s)
      AND (u.first_return_month IS NULL OR u.first_return_month <= %(month)s)
      AND (c.returns_from IS NULL OR c.returns_from <= %(month)s)
), said AS (
    SELECT r.contract_id, max(r.risk) FILTER (WHERE r.month = %(month)s) AS risk,
           max(r.jet_score) FILTER (WHERE r.month = %(month)s) AS jet,
           max(r.risk) FILTER (WHERE r.month = %(previous)s) AS was_risk,
           max(r.jet_score) FILTER (WHERE r.month = %(previous)s) AS was_jet,
           CASE WHEN count(r.jet_score) > 0 THEN concat_ws(' ',
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '0 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '1 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '2 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '3 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '4 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '5 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '6 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '7 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '8 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '9 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '10 months')::text, '.'),
               coalesce(max(r.jet_score) FILTER (WHERE r.month = %(history)s + interval '11 months')::text, '.')) END AS scores
    FROM contracts_monthlyreturn r
    JOIN seen ON seen.id = r.contract_id
    WHERE r.month BETWEEN %(history)s AND %(month)s AND r.state IN ('submitted', 'accepted', 'amended')
    GROUP BY r.contract_id
), shown AS (
    SELECT seen.*, said.scores,
           CASE WHEN said.risk IS NOT NULL THEN said.risk WHEN is_open THEN said.was_risk END AS risk,
           CASE WHEN said.risk IS NOT NULL THEN said.jet WHEN is_open THEN said.was_jet END AS jet
    FROM seen LEFT JOIN said ON said.contract_id = seen.id
)
SELECT shown.title AS "Contract", area.name AS "Service area", annual_value AS "Yearly value",
       effective_end AS "Term ends", coalesce(initcap(risk), 'No current view') AS "Risk",
       CASE WHEN risk IS NOT NULL THEN coalesce(jet::text, 'Not assessed') END AS "JET",
       scores AS "JET, 12 months",
       officer.name AS "Officer"
FROM shown
LEFT JOIN commissioning_servicearea area ON area.id = shown.service_area_id
LEFT JOIN accounts_user officer ON officer.id = shown.officer_id
ORDER BY CASE risk WHEN 'red' THEN 0 WHEN 'amber' THEN 1 WHEN 'green' THEN 3 ELSE 2 END, jet, lower(shown.title), shown.id
