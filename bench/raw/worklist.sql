-- The officer's own contracts with three months of returns, what is overdue from the twelve before, and their KPIs.
SELECT c.id, c.title, c.slug, c.start, c.effective_end, c.returns_from, u.name, u.code, u.return_working_day,
       u.first_return_month,
       (SELECT json_agg(o.name ORDER BY p.position, p.id)
        FROM contracts_contractprovider p JOIN commissioning_organisation o ON o.id = p.organisation_id
        WHERE p.contract_id = c.id) AS providers,
       (SELECT json_agg(json_build_array(r.month, r.state, r.risk, r.jet_score, r.narrative, r.submitted_at, r.version,
                                         submitter.name) ORDER BY r.month)
        FROM contracts_monthlyreturn r LEFT JOIN accounts_user submitter ON submitter.id = r.submitted_by_id
        WHERE r.contract_id = c.id AND r.month BETWEEN %(previous)s::date - interval '1 month' AND %(month)s) AS recent,
       (SELECT json_agg(r.month) FROM contracts_monthlyreturn r
        WHERE r.contract_id = c.id AND r.month BETWEEN %(month)s::date - interval '12 months' AND %(previous)s
          AND r.state IN ('submitted', 'accepted', 'amended')) AS returned,
       (SELECT json_agg(v.month) FROM contracts_monthreview v
        WHERE v.unit_id = c.unit_id AND v.closed_at IS NOT NULL
          AND v.month BETWEEN %(month)s::date - interval '12 months' AND %(month)s) AS closed,
       (SELECT count(*) FROM contracts_planstep s JOIN contracts_improvementplan p ON p.id = s.plan_id
        WHERE s.contract_id = c.id AND s.state <> 'done' AND s.due_on < %(day)s AND p.closed_on IS NULL) AS steps_overdue,
       (SELECT json_agg(json_build_array(k.id, k.direction, k.frequency, target.target, target.upper, target.tolerance,
                                         reading.month, reading.value))
        FROM contracts_kpi k
        LEFT JOIN LATERAL (SELECT t.* FROM contracts_kpitarget t WHERE t.kpi_id = k.id AND t.from_month <= %(month)s
                           ORDER BY t.from_month DESC LIMIT 1) target ON true
        LEFT JOIN LATERAL (SELECT r.month, r.value FROM contracts_kpireading r
                           WHERE r.kpi_id = k.id AND r.month <= %(month)s ORDER BY r.month DESC LIMIT 2) reading ON true
        WHERE k.contract_id = c.id AND k.first_month <= %(month)s
          AND (k.last_month IS NULL OR k.last_month >= %(month)s)) AS kpis
FROM contracts_contract c
JOIN commissioning_commissioningunit u ON u.id = c.unit_id
WHERE %(sight)s
  AND (c.officer_id = %(user)s OR c.service_manager_id = %(user)s
       OR c.id IN (SELECT d.contract_id FROM contracts_contract_deputies d WHERE d.user_id = %(user)s))
  AND c.start <= %(month_end)s AND (c.effective_end IS NULL OR c.effective_end >= %(month)s)
ORDER BY c.title
