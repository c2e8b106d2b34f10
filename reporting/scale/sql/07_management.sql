-- One contract in ten has a board of six that met every second month of the last year.
INSERT INTO governance_board (id, unit_id, kind, name, opened_on, opened_by_id, version)
SELECT c.id, c.unit_id, 'contract_management', 'Board of ' || c.reference, c.start, c.created_by_id, 1
FROM contracts_contract c WHERE mod(c.id, 10) = 5 AND c.start <= %(today)s ORDER BY c.id;
UPDATE contracts_contract SET board_id = id WHERE mod(id, 10) = 5 AND start <= %(today)s;

INSERT INTO governance_seat (id, board_id, sits_for, name, is_chair, since)
SELECT b.id * 6 + place, b.id, (ARRAY['commissioning', 'commissioning', 'supplier', 'supplier', 'service', 'service'])[place],
       pg_temp.person(b.id * 6 + place), place = 1, b.opened_on
FROM governance_board b, generate_series(1, 6) place ORDER BY 1;

INSERT INTO governance_meeting
    (id, board_id, kind, state, "on", place, purpose, notes, why_cancelled, recorded_at, recorded_by_id, version)
SELECT b.id * 7 + place, b.id, 'ordinary', CASE WHEN place = 7 THEN 'planned' ELSE 'held' END, on_day, 'Online',
       'The months since the last meeting', CASE WHEN place = 7 THEN '' ELSE 'The KPIs were gone through one by one.' END, '',
       pg_temp.morning(least(on_day, %(today)s)), b.opened_by_id, 1
FROM governance_board b, generate_series(1, 7) place,
     LATERAL (SELECT %(today)s - 380 + 60 * place + mod(b.id, 20)::integer AS on_day) day
WHERE on_day >= b.opened_on
ORDER BY on_day, 1;

INSERT INTO governance_attendance (meeting_id, seat_id, name, sits_for, presence, substitute)
SELECT m.id, s.id, s.name, s.sits_for, CASE WHEN pg_temp.share(m.id * 8 + s.id, 100) < 0.85 THEN 'present' ELSE 'apologies' END,
       ''
FROM governance_meeting m JOIN governance_seat s ON s.board_id = m.board_id
WHERE m.state = 'held' ORDER BY m.id, s.id;

INSERT INTO governance_meetingaction (board_id, meeting_id, text, owner, due_on, done_on, done_by_id, outcome, version)
SELECT m.board_id, m.id, 'Send the staffing figures by team', 'The supplier', m."on" + 30 * which,
       CASE WHEN is_done THEN m."on" + 25 END, CASE WHEN is_done THEN m.recorded_by_id END,
       CASE WHEN is_done THEN 'Sent' ELSE '' END, 1
FROM governance_meeting m, generate_series(1, 2) which,
     LATERAL (SELECT m."on" < %(today)s - 60 OR pg_temp.share(m.id * 2 + which, 101) < 0.3 AS is_done) state
WHERE m.state = 'held' ORDER BY m.id, which;

-- One contract in sixteen has an improvement plan of four steps; of one in five of these the plan answers a notice.
INSERT INTO contracts_performancenotice
    (id, contract_id, concern, words, issued_on, issued_by_id, meeting_by, met_on, outcome, closing_words, version)
SELECT id, id, 'waiting_times', 'The four-week standard was missed for three months.', %(today)s - 150, created_by_id,
       %(today)s - 136, %(today)s - 140, 'plan', '', 1
FROM contracts_contract WHERE mod(id, 80) = 9 AND start <= %(today)s - 150 AND effective_end >= %(today)s ORDER BY id;

INSERT INTO contracts_improvementplan
    (id, contract_id, title, concern, words, agreed_on, answers_id, opened_by_id, closing_words, version)
SELECT c.id, c.id, 'Waiting times', 'waiting_times', 'Nine in ten are seen within four weeks.', %(today)s - 130, n.id,
       c.created_by_id, '', 1
FROM contracts_contract c LEFT JOIN contracts_performancenotice n ON n.id = c.id
WHERE mod(c.id, 16) = 9 AND c.start <= %(today)s - 150 AND c.effective_end >= %(today)s ORDER BY c.id;

INSERT INTO contracts_planstep
    (contract_id, plan_id, position, text, owner, due_on, state, evidence, done_on, done_by_id, version)
SELECT p.contract_id, p.id, place,
       (ARRAY['Fill two posts', 'Agree a rota with the hospital', 'Clear the list', 'Hold the standard for a quarter'])[place],
       'The provider', p.agreed_on + 45 * place,
       CASE WHEN place = 1 THEN 'done' WHEN place = 2 THEN 'late' ELSE 'not_started' END,
       CASE WHEN place = 1 THEN 'Both started in July.' ELSE '' END, CASE WHEN place = 1 THEN p.agreed_on + 40 END,
       CASE WHEN place = 1 THEN p.opened_by_id END, 1
FROM contracts_improvementplan p, generate_series(1, 4) place ORDER BY p.id, place;

-- What was decided on contracts, and what the law asks for after it.
INSERT INTO contracts_lifeevent
    (id, contract_id, kind, "on", takes_effect_on, words, ground_words, end_before, end_after, given_by, notice_kind,
     recorded_at, recorded_by_id)
SELECT row_number() OVER (ORDER BY contract_id), contract_id, 'option_exercised', exercised_on, NULL,
       'Decided by the unit’s commissioner', '', c.initial_end, c.effective_end, '', '', pg_temp.morning(exercised_on),
       exercised_by_id
FROM contracts_extensionoption o JOIN contracts_contract c ON c.id = o.contract_id WHERE exercised_on IS NOT NULL;

INSERT INTO contracts_duty
    (contract_id, event_id, title, law, note, due_on, done_on, done_by_id, reference, not_needed_because, version)
SELECT e.contract_id, e.id, 'Publish the notice of the change', 'To be confirmed by a lawyer', '', e."on" + 30,
       CASE WHEN is_done THEN e."on" + 20 END, CASE WHEN is_done THEN e.recorded_by_id END, '', '', 1
FROM contracts_lifeevent e, LATERAL (SELECT e."on" < %(today)s - 20 AND pg_temp.share(e.id, 102) < 0.95 AS is_done) state
ORDER BY e.id;

INSERT INTO contracts_attentionrule (unit_id, position, value_from, risk, monitoring, meetings)
SELECT unit, place, value_from, risk, monitoring, meetings
FROM generate_series(1, %(units)s) unit
CROSS JOIN (VALUES (1, 0, 'red', 'monthly', 'monthly'), (2, 500000, '', 'monthly', 'quarterly'),
                   (3, 0, '', 'quarterly', 'half_yearly')) rule(place, value_from, risk, monitoring, meetings)
WHERE mod(unit, 2) = 0;
INSERT INTO contracts_attentionoverride (contract_id, monitoring, meetings, reason, look_again_on, set_on, set_by_id)
SELECT id, 'monthly', 'monthly', 'A new manager since the summer', %(today)s + 90, %(today)s - 30, created_by_id
FROM contracts_contract WHERE mod(id, 50) = 11 ORDER BY id;

-- A third of the contracts that end within a year are under review.
INSERT INTO contracts_servicereview
    (id, unit_id, title, service_area_id, why, opened_on, ends_on, is_on_forward_plan, planned_months, planned_options,
     sourcing, decision_words, recorded_by_id, version)
SELECT id, unit_id, left(title, 190), service_area_id, 'The contract ends.', %(today)s - 90, effective_end, mod(id, 5) = 0,
       36, '{12,12}', '', '', created_by_id, 1
FROM contracts_contract
WHERE effective_end BETWEEN %(today)s AND %(today)s + 365 AND start <= %(today)s AND mod(id, 3) = 0 ORDER BY id;
INSERT INTO contracts_reviewedcontract (review_id, contract_id) SELECT id, id FROM contracts_servicereview ORDER BY id;
INSERT INTO contracts_reviewelement (review_id, kind, state, "on", words, version)
SELECT r.id, kind, CASE WHEN place <= 2 THEN 'done' ELSE 'not_started' END, CASE WHEN place <= 2 THEN %(today)s - 30 END, '', 1
FROM contracts_servicereview r, unnest(%(elements)s::text[]) WITH ORDINALITY element(kind, place) ORDER BY r.id, place;
INSERT INTO contracts_reviewoption (review_id, position, title, horizon, benefits, disbenefits, is_recommended, version)
SELECT r.id, place, (ARRAY['Let it again', 'Join it with a neighbour'])[place], 'short', 'Continuity', '', place = 1, 1
FROM contracts_servicereview r, generate_series(1, 2) place ORDER BY r.id, place;

INSERT INTO reporting_savedview (owner_id, unit_id, page, name, query, is_shared, version)
SELECT id, unit, 'register', 'Red now', 'risk=red', mod(number, 2) = 0, 1
FROM scale_person WHERE role IN ('contract_officer', 'commissioner') AND unit IS NOT NULL ORDER BY id;
