-- One contract with all that its page shows: the contract itself, then each kind of thing that hangs on it as one list.
SELECT c.*, u.name, u.code, u.return_working_day, host.name, area.name, buyer.name, officer.name, manager.name, board.name,
       (SELECT json_agg(json_build_array(o.id, o.name) ORDER BY p.position, p.id)
        FROM contracts_contractprovider p JOIN commissioning_organisation o ON o.id = p.organisation_id
        WHERE p.contract_id = c.id) AS providers,
       (SELECT json_agg(d.name) FROM contracts_contract_deputies x JOIN accounts_user d ON d.id = x.user_id
        WHERE x.contract_id = c.id) AS deputies,
       (SELECT json_agg(json_build_array(r.month, r.state, r.risk, r.jet_score, r.not_assessed_reason, r.narrative,
                                         r.submitted_at, submitter.name, saver.name) ORDER BY r.month DESC)
        FROM contracts_monthlyreturn r
        LEFT JOIN accounts_user submitter ON submitter.id = r.submitted_by_id
        LEFT JOIN accounts_user saver ON saver.id = r.saved_by_id
        WHERE r.contract_id = c.id AND r.month <= %(month)s) AS returns,
       (SELECT json_agg(o ORDER BY o.position) FROM contracts_extensionoption o WHERE o.contract_id = c.id) AS options,
       (SELECT json_agg(json_build_array(o.name, f.annual_amount, f.whole_life_amount))
        FROM contracts_contractfunding f JOIN commissioning_organisation o ON o.id = f.organisation_id
        WHERE f.contract_id = c.id) AS funding,
       (SELECT json_agg(e) FROM contracts_lifeevent e WHERE e.contract_id = c.id) AS events,
       (SELECT json_agg(d) FROM contracts_duty d WHERE d.contract_id = c.id) AS duties,
       (SELECT json_agg(d) FROM contracts_document d WHERE d.contract_id = c.id) AS documents,
       (SELECT json_agg(json_build_array(s.id, s.title, s.ends_on, s.decided_on))
        FROM contracts_reviewedcontract x JOIN contracts_servicereview s ON s.id = x.review_id
        WHERE x.contract_id = c.id) AS reviews,
       (SELECT json_agg(json_build_array(p, (SELECT json_agg(s ORDER BY s.position)
                                             FROM contracts_planstep s WHERE s.plan_id = p.id)))
        FROM contracts_improvementplan p WHERE p.contract_id = c.id) AS plans,
       (SELECT json_agg(n) FROM contracts_performancenotice n WHERE n.contract_id = c.id) AS notices,
       (SELECT json_agg(a) FROM contracts_reviewaction a WHERE a.contract_id = c.id) AS actions,
       (SELECT json_agg(json_build_array(k,
            (SELECT json_agg(t ORDER BY t.from_month) FROM contracts_kpitarget t WHERE t.kpi_id = k.id),
            (SELECT json_agg(r ORDER BY r.month) FROM contracts_kpireading r
             WHERE r.kpi_id = k.id AND r.month BETWEEN %(history)s AND %(month)s)) ORDER BY k.position)
        FROM contracts_kpi k WHERE k.contract_id = c.id) AS kpis,
       (SELECT json_agg(o) FROM contracts_outcome o WHERE o.contract_id = c.id) AS outcomes,
       (SELECT json_agg(g) FROM contracts_gradeview g WHERE g.contract_id = c.id AND g.month = %(month)s) AS grades,
       (SELECT json_agg(s) FROM contracts_scorecardline s
        WHERE s.contract_id = c.id AND s.month = %(month)s) AS scorecard,
       (SELECT json_agg(s) FROM contracts_statutoryrating s WHERE s.contract_id = c.id) AS ratings,
       (SELECT json_agg(json_build_array(o.name, p.level))
        FROM commissioning_unitpartner p JOIN commissioning_organisation o ON o.id = p.organisation_id
        WHERE p.unit_id = c.unit_id AND (p.left_on IS NULL OR p.left_on >= %(day)s)) AS partners,
       (SELECT json_agg(m) FROM governance_meeting m WHERE m.board_id = c.board_id) AS meetings,
       (SELECT json_agg(s) FROM governance_seat s WHERE s.board_id = c.board_id) AS seats,
       (SELECT json_agg(h) FROM (SELECT * FROM contracts_contractevent h WHERE h.pgh_obj_id = c.id
                                 ORDER BY h.pgh_created_at DESC LIMIT 20) h) AS history
FROM contracts_contract c
JOIN commissioning_commissioningunit u ON u.id = c.unit_id
JOIN commissioning_organisation host ON host.id = u.host_id
LEFT JOIN commissioning_servicearea area ON area.id = c.service_area_id
LEFT JOIN commissioning_organisation buyer ON buyer.id = c.buyer_id
LEFT JOIN accounts_user officer ON officer.id = c.officer_id
LEFT JOIN accounts_user manager ON manager.id = c.service_manager_id
LEFT JOIN governance_board board ON board.id = c.board_id
WHERE c.id = %(contract)s AND %(sight)s
