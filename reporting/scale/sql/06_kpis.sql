-- Every fourth contract is measured, by four KPIs, half of them every month; for the last eighteen months.
INSERT INTO contracts_kpi
    (id, contract_id, position, name, definition, unit, direction, frequency, decimals, is_from_counts, reported_by,
     first_month, closing_reason, is_published, version)
SELECT (c.id / 4) * 4 + place, c.id, place,
       (ARRAY['Seen within four weeks', 'Complaints answered in time', 'Days to first contact', 'Spend against plan'])[place],
       'Counted by the provider’s case system.', (ARRAY['percent', 'percent', 'days', 'pounds'])[place],
       (ARRAY['at_least', 'at_least', 'at_most', 'at_most'])[place],
       CASE WHEN place <= 2 THEN 'monthly' ELSE 'quarterly' END, 0, place = 1,
       CASE WHEN place = 2 THEN 'provider' ELSE 'officer' END, greatest(%(measured_from)s, date_trunc('month', c.start)::date),
       '', coalesce(c.annual_value >= 500000, false), 1
FROM contracts_contract c, generate_series(1, 4) place
WHERE mod(c.id, 4) = 1
ORDER BY c.id, place;

INSERT INTO contracts_kpitarget (kpi_id, from_month, target, tolerance, reason)
SELECT id, first_month, (ARRAY[90, 95, 15, 50000])[position], (ARRAY[2, 2, 1, 500])[position], '' FROM contracts_kpi
ORDER BY id;

INSERT INTO contracts_kpireading
    (kpi_id, month, value, part, whole, nothing_to_count, plan, note, saved_at, saved_by_id, version)
SELECT k.id, r.month,
       CASE k.position WHEN 1 THEN CASE WHEN is_short THEN 80 ELSE 94 END WHEN 2 THEN CASE WHEN is_short THEN 85 ELSE 97 END
                       WHEN 3 THEN CASE WHEN is_short THEN 22 ELSE 12 END
                       ELSE CASE WHEN is_short THEN 56000 ELSE 48000 END END,
       CASE WHEN k.position = 1 THEN CASE WHEN is_short THEN 80 ELSE 94 END END, CASE WHEN k.position = 1 THEN 100 END,
       false, CASE WHEN is_short THEN 'in_place' ELSE '' END, '', r.saved_at, r.saved_by_id, 1
FROM contracts_kpi k
JOIN contracts_monthlyreturn r ON r.contract_id = k.contract_id AND r.month >= k.first_month
CROSS JOIN LATERAL (
    SELECT pg_temp.share(r.id * 8 + k.position, 97) < CASE r.risk WHEN 'red' THEN 0.8 WHEN 'amber' THEN 0.4 ELSE 0.05 END
        AS is_short
) reached
WHERE r.state <> 'draft' AND (k.frequency = 'monthly' OR mod(extract(month FROM r.month)::integer, 3) = 0)
ORDER BY r.month, k.id;

INSERT INTO contracts_outcome
    (contract_id, statement, term, is_intended, effect, measured_by, difference_made, state, proposed_by_id, proposed_at,
     decided_by_id, decided_at, decision_note, version)
SELECT c.id, (ARRAY['Fewer admissions to hospital', 'People say that they feel safe at home'])[place],
       (ARRAY['medium', 'long'])[place], true, 'positive', 'The yearly survey', '', 'agreed', c.officer_id,
       pg_temp.morning(%(measured_from)s), c.created_by_id, pg_temp.morning(%(measured_from)s + 10), '', 1
FROM contracts_contract c, generate_series(1, 2) place
WHERE mod(c.id, 4) = 1
ORDER BY c.id, place;
