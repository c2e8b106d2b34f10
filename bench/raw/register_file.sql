-- The register of every contract in sight as the cells of the file that can be imported again.
WITH seen AS MATERIALIZED (
    SELECT c.*, u.name AS unit, u.return_working_day >= %(open_from)s AND NOT EXISTS (
               SELECT FROM contracts_monthreview w
               WHERE w.unit_id = c.unit_id AND w.month = %(month)s AND w.closed_at IS NOT NULL) AS is_open
    FROM contracts_contract c
    JOIN commissioning_commissioningunit u ON u.id = c.unit_id
    WHERE %(sight)s AND c.start <= %(month_end)s AND (c.effective_end IS NULL OR c.effective_end >= %(month)s)
      AND (u.first_return_month IS NULL OR u.first_return_month <= %(month)s)
      AND (c.returns_from IS NULL OR c.returns_from <= %(month)s)
), code AS (
    SELECT DISTINCT ON (organisation_id) organisation_id, scheme || ':' || value AS written
    FROM commissioning_organisationidentifier
    WHERE scheme = ANY(%(schemes)s) AND coalesce(valid_from, %(day)s) <= %(day)s AND coalesce(valid_to, %(day)s) >= %(day)s
    ORDER BY organisation_id, scheme, value
), provided AS (
    SELECT p.contract_id, string_agg(replace(o.name, '|', '\|'), ' | ' ORDER BY p.position, p.id) AS names,
           CASE WHEN count(code.written) > 0
                THEN string_agg(coalesce(code.written, ''), ' | ' ORDER BY p.position, p.id) END AS codes
    FROM contracts_contractprovider p
    JOIN seen ON seen.id = p.contract_id
    JOIN commissioning_organisation o ON o.id = p.organisation_id
    LEFT JOIN code ON code.organisation_id = o.id
    GROUP BY p.contract_id
), deputised AS (
    SELECT d.contract_id, string_agg(a.email, ' | ' ORDER BY d.user_id) AS emails
    FROM contracts_contract_deputies d JOIN seen ON seen.id = d.contract_id JOIN accounts_user a ON a.id = d.user_id
    GROUP BY d.contract_id
), funded AS (
    SELECT f.contract_id,
           string_agg(replace(o.name, '|', '\|') || ': £' || to_char(f.annual_amount, 'FM999,999,999,990.00') || '; £'
                      || to_char(f.whole_life_amount, 'FM999,999,999,990.00'), ' | ' ORDER BY f.annual_amount DESC, f.id) AS shares
    FROM contracts_contractfunding f
    JOIN seen ON seen.id = f.contract_id
    JOIN commissioning_organisation o ON o.id = f.organisation_id
    GROUP BY f.contract_id
), optional AS (
    SELECT o.contract_id, string_agg(o.months::text, ' | ' ORDER BY o.position) FILTER (WHERE NOT o.is_outside) AS months,
           rtrim(string_agg(coalesce(to_char(o.exercised_on, 'DD/MM/YYYY'), ''), ' | ' ORDER BY o.position)
                     FILTER (WHERE NOT o.is_outside), ' |') AS exercised,
           rtrim(string_agg(coalesce(o.used_months::text, ''), ' | ' ORDER BY o.position)
                     FILTER (WHERE NOT o.is_outside), ' |') AS used,
           string_agg(o.months || ' months, ' || to_char(o.exercised_on, 'DD/MM/YYYY'), ' | ' ORDER BY o.position)
               FILTER (WHERE o.is_outside) AS outside
    FROM contracts_extensionoption o JOIN seen ON seen.id = o.contract_id
    GROUP BY o.contract_id
), shown AS (
    SELECT seen.*, CASE WHEN now.id IS NOT NULL THEN now.risk WHEN is_open THEN was.risk END AS risk,
           CASE WHEN now.id IS NOT NULL THEN now.jet_score WHEN is_open THEN was.jet_score END AS jet,
           CASE WHEN now.id IS NOT NULL THEN now.month WHEN is_open THEN was.month END AS of_month
    FROM seen
    LEFT JOIN contracts_monthlyreturn now ON now.contract_id = seen.id AND now.month = %(month)s
                                         AND now.state IN ('submitted', 'accepted', 'amended')
    LEFT JOIN contracts_monthlyreturn was ON was.contract_id = seen.id AND was.month = %(previous)s
                                         AND was.state IN ('submitted', 'accepted', 'amended')
)
SELECT reference, title, description, area.name, provided.names, provided.codes, officer.email, deputised.emails,
       manager.email, %(words)s::json #>> ARRAY['management', management],
       %(words)s::json #>> ARRAY['procurement_regime', procurement_regime],
       %(words)s::json #>> ARRAY['procurement_route', procurement_route], annual_value, whole_life_value, funded.shares,
       start, initial_end, optional.months, optional.exercised, optional.used, notice_months, notice_given_on,
       %(words)s::json #>> ARRAY['notice_given_by', notice_given_by],
       %(words)s::json #>> ARRAY['notice_kind', notice_kind], notice_ends_on,
       CASE WHEN effective_end < %(day)s THEN 'Ended' WHEN start IS NULL OR start > %(day)s THEN 'Being procured'
            WHEN notice_given_on <= %(day)s THEN 'Notice given' ELSE 'Current' END,
       optional.outside, effective_end, maximum_end, notice_by, decide_by, unit, coalesce(initcap(risk), 'No current view'),
       CASE WHEN risk IS NOT NULL THEN coalesce(jet::text, 'Not assessed') END, to_char(of_month, 'FMMonth YYYY')
FROM shown
LEFT JOIN commissioning_servicearea area ON area.id = shown.service_area_id
LEFT JOIN accounts_user officer ON officer.id = shown.officer_id
LEFT JOIN accounts_user manager ON manager.id = shown.service_manager_id
LEFT JOIN provided ON provided.contract_id = shown.id
LEFT JOIN deputised ON deputised.contract_id = shown.id
LEFT JOIN funded ON funded.contract_id = shown.id
LEFT JOIN optional ON optional.contract_id = shown.id
ORDER BY CASE risk WHEN 'red' THEN 0 WHEN 'amber' THEN 1 WHEN 'green' THEN 3 ELSE 2 END, jet, lower(shown.title), shown.id
