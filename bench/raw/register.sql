-- Of one unit: what stands behind every choice of the filter, and the fifty worst. Over many units: how many there are,
-- and the fifty that end first, which an index has in this order.
WITH seen AS MATERIALIZED (
    SELECT c.id, c.title, c.management, c.is_restricted, c.annual_value, c.whole_life_value, c.service_area_id,
           c.officer_id, c.service_manager_id, c.start, c.effective_end, c.notice_given_on,
           (u.first_return_month IS NULL OR u.first_return_month <= %(month)s)
               AND (c.returns_from IS NULL OR c.returns_from <= %(month)s) AS is_asked,
           coalesce(c.start <= %(month_end)s, false) AND coalesce(c.effective_end >= %(month)s, true) AS runs,
           t.id IS NOT NULL AS is_returned,
           CASE WHEN t.id IS NOT NULL THEN t.risk WHEN held.is_held THEN l.risk END AS risk,
           CASE WHEN t.id IS NOT NULL THEN t.jet_score WHEN held.is_held THEN l.jet_score END AS jet,
           t.risk = 'red' AND 'red' IS DISTINCT FROM (
               SELECT e.risk FROM contracts_monthlyreturn e
               WHERE t.risk = 'red' AND e.contract_id = c.id AND e.month >= %(history)s AND e.month < %(month)s
                 AND e.state IN ('submitted', 'accepted', 'amended')
               ORDER BY e.month DESC LIMIT 1) AS is_newly_red,
           coalesce(c.start <= %(day)s, false)
               AND NOT EXISTS (SELECT FROM contracts_contractprovider p WHERE p.contract_id = c.id) AS lacks_provider,
           c.start IS NULL OR c.initial_end IS NULL OR c.notice_months IS NULL OR c.annual_value IS NULL
               OR c.whole_life_value IS NULL OR c.officer_id IS NULL OR c.service_area_id IS NULL AS lacks_facts,
           funding.*
    FROM contracts_contract c
    JOIN commissioning_commissioningunit u ON u.id = c.unit_id
    LEFT JOIN contracts_monthlyreturn t ON t.contract_id = c.id AND t.month = %(month)s
        AND t.state IN ('submitted', 'accepted', 'amended')
    LEFT JOIN contracts_monthlyreturn l ON l.contract_id = c.id AND l.month = %(previous)s
        AND l.state IN ('submitted', 'accepted', 'amended')
    CROSS JOIN LATERAL (SELECT l.id IS NOT NULL AND u.return_working_day >= %(open_from)s AND NOT EXISTS (
        SELECT FROM contracts_monthreview v
        WHERE v.unit_id = c.unit_id AND v.month = %(month)s AND v.closed_at IS NOT NULL) AS is_held) held
    CROSS JOIN LATERAL (
        SELECT count(*) AS shares,
               count(*) FILTER (WHERE o.kind <> 'council' AND (f.annual_amount > 0 OR f.whole_life_amount > 0)) AS others,
               count(*) FILTER (WHERE o.kind IN ('ccg', 'lcg', 'icb', 'nhs_england_area_team', 'nhs_trust')
                                  AND (f.annual_amount > 0 OR f.whole_life_amount > 0)) AS nhs,
               count(*) FILTER (WHERE o.kind = 'public_health'
                                  AND (f.annual_amount > 0 OR f.whole_life_amount > 0)) AS public_health
        FROM contracts_contractfunding f JOIN commissioning_organisation o ON o.id = f.organisation_id
        WHERE f.contract_id = c.id) funding
    WHERE %(sight)s AND c.unit_id = %(unit)s
), current AS (
    SELECT * FROM seen WHERE is_asked AND runs
), listed AS (
    (SELECT id, row_number() OVER (ORDER BY CASE risk WHEN 'red' THEN 0 WHEN 'amber' THEN 1 WHEN 'green' THEN 3 ELSE 2 END,
                                            jet, lower(title), id) AS place
     FROM current WHERE %(unit)s IS NOT NULL ORDER BY place LIMIT 50)
    UNION ALL
    (SELECT c.id, row_number() OVER (ORDER BY c.effective_end, lower(c.title), c.id) AS place
     FROM contracts_contract c JOIN commissioning_commissioningunit u ON u.id = c.unit_id
     WHERE %(unit)s IS NULL AND %(sight)s AND c.start <= %(month_end)s
       AND (c.effective_end IS NULL OR c.effective_end >= %(month)s)
       AND (c.returns_from IS NULL OR c.returns_from <= %(month)s)
       AND (u.first_return_month IS NULL OR u.first_return_month <= %(month)s)
     ORDER BY c.effective_end, lower(c.title), c.id LIMIT 50)
)
SELECT
    CASE WHEN %(unit)s IS NOT NULL THEN (SELECT json_build_object(
        'in_sight', count(*), 'incomplete', count(*) FILTER (
            WHERE (lacks_facts OR lacks_provider) AND coalesce(effective_end >= %(month)s, true)),
        'restricted', count(*) FILTER (WHERE is_restricted),
        'status_current', count(*) FILTER (WHERE is_asked AND runs),
        'status_started_since', count(*) FILTER (WHERE start > %(month_end)s AND start <= %(day)s),
        'status_not_asked', count(*) FILTER (WHERE runs AND NOT is_asked),
        'status_being_procured', count(*) FILTER (
            WHERE coalesce(start > %(day)s, true) AND coalesce(effective_end >= %(month)s, true)),
        'status_notice_given', count(*) FILTER (WHERE is_asked AND runs AND notice_given_on <= %(day)s),
        'status_ended', count(*) FILTER (WHERE effective_end < %(month)s)) FROM seen) END AS of_all,
    CASE WHEN %(unit)s IS NOT NULL THEN (SELECT json_build_object(
        'all', count(*), 'annual', sum(annual_value)::text, 'whole_life', sum(whole_life_value)::text,
        'providers', (SELECT count(DISTINCT p.organisation_id)
                      FROM contracts_contractprovider p JOIN current ON current.id = p.contract_id),
        'mine', count(*) FILTER (WHERE officer_id = %(user)s OR service_manager_id = %(user)s OR id IN (
            SELECT d.contract_id FROM contracts_contract_deputies d WHERE d.user_id = %(user)s)),
        'ending', count(*) FILTER (WHERE effective_end BETWEEN %(day)s AND %(soon)s),
        'managed_central', count(*) FILTER (WHERE management = 'central'),
        'managed_devolved', count(*) FILTER (WHERE management = 'devolved'),
        'funder_council', count(*) FILTER (WHERE shares > 0 AND others = 0),
        'funder_nhs', count(*) FILTER (WHERE nhs > 0),
        'funder_public_health', count(*) FILTER (WHERE public_health > 0),
        'funder_unsplit', count(*) FILTER (WHERE shares = 0),
        'is_due', count(*), 'is_returned', count(*) FILTER (WHERE is_returned),
        'risk_none', count(*) FILTER (WHERE risk IS NULL), 'risk_red', count(*) FILTER (WHERE risk = 'red'),
        'risk_amber', count(*) FILTER (WHERE risk = 'amber'), 'risk_green', count(*) FILTER (WHERE risk = 'green'),
        'jet_inadequate', count(*) FILTER (WHERE jet BETWEEN 1 AND 3),
        'jet_requires_improvement', count(*) FILTER (WHERE jet BETWEEN 4 AND 5),
        'jet_good', count(*) FILTER (WHERE jet BETWEEN 6 AND 7),
        'jet_outstanding', count(*) FILTER (WHERE jet BETWEEN 8 AND 9),
        'jet_not_assessed', count(*) FILTER (WHERE risk IS NOT NULL AND jet IS NULL),
        'newly_red', count(*) FILTER (WHERE is_newly_red),
        'areas', (SELECT json_agg(json_build_array(a.name, number)) FROM (
            SELECT service_area_id, count(*) AS number FROM current GROUP BY 1) counted
            JOIN commissioning_servicearea a ON a.id = service_area_id),
        'officers', (SELECT json_agg(json_build_array(o.id, o.name, number)) FROM (
            SELECT officer_id, count(*) AS number FROM current GROUP BY 1) counted
            JOIN accounts_user o ON o.id = officer_id),
        'managers', (SELECT json_agg(json_build_array(m.id, m.name, number)) FROM (
            SELECT service_manager_id, count(*) AS number FROM current GROUP BY 1) counted
            JOIN accounts_user m ON m.id = service_manager_id)) FROM current)
    ELSE (SELECT json_build_object('all', count(*))
          FROM contracts_contract c JOIN commissioning_commissioningunit u ON u.id = c.unit_id
          WHERE %(sight)s AND c.start <= %(month_end)s AND (c.effective_end IS NULL OR c.effective_end >= %(month)s)
            AND (c.returns_from IS NULL OR c.returns_from <= %(month)s)
            AND (u.first_return_month IS NULL OR u.first_return_month <= %(month)s)) END AS of_the_month,
    (SELECT json_agg(json_build_array(
            c.id, c.slug, c.title, c.is_restricted, u.code, u.name, a.name, c.annual_value::text, c.effective_end,
            c.notice_given_on, c.option_months, o.name,
            (SELECT json_agg(body.name ORDER BY p.position, p.id) FROM contracts_contractprovider p
             JOIN commissioning_organisation body ON body.id = p.organisation_id WHERE p.contract_id = c.id),
            (SELECT json_agg(e.months ORDER BY e.position) FROM contracts_extensionoption e
             WHERE e.contract_id = c.id AND e.exercised_on IS NULL),
            (SELECT json_agg(json_build_array(r.month, r.risk, r.jet_score) ORDER BY r.month)
             FROM contracts_monthlyreturn r
             WHERE r.contract_id = c.id AND r.month BETWEEN %(history)s AND %(month)s
               AND r.state IN ('submitted', 'accepted', 'amended')),
            (SELECT max(r.month) FROM contracts_monthlyreturn r
             WHERE r.contract_id = c.id AND r.month <= %(month)s AND r.state IN ('submitted', 'accepted', 'amended')),
            u.return_working_day >= %(open_from)s AND NOT EXISTS (
                SELECT FROM contracts_monthreview v
                WHERE v.unit_id = c.unit_id AND v.month = %(month)s AND v.closed_at IS NOT NULL)) ORDER BY listed.place)
     FROM listed
     JOIN contracts_contract c ON c.id = listed.id
     JOIN commissioning_commissioningunit u ON u.id = c.unit_id
     LEFT JOIN commissioning_servicearea a ON a.id = c.service_area_id
     LEFT JOIN accounts_user o ON o.id = c.officer_id) AS shown
