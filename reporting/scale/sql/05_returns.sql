-- Month by month, as they came in: three in a hundred were never returned, of the month now asked for every third.
INSERT INTO contracts_monthlyreturn
    (id, contract_id, month, state, risk, jet_score, not_assessed_reason, narrative, kpi_reason, version, saved_at, saved_by_id,
     submitted_at, submitted_by_id, reviewed_at, reviewed_by_id, review_note, amendment_reason)
SELECT row_number() OVER (ORDER BY month, contract), contract, month, CASE WHEN is_draft THEN 'draft' WHEN is_reviewed THEN 'accepted' ELSE 'submitted' END, risk,
       CASE WHEN is_assessed THEN CASE risk WHEN 'red' THEN 1 + floor(noise * 4) WHEN 'amber' THEN 3 + floor(noise * 4)
                                            ELSE 5 + floor(noise * 5) END END,
       CASE WHEN is_assessed THEN '' ELSE 'The service has only begun' END,
       CASE WHEN risk = 'green' THEN '' ELSE 'Staffing below plan in two localities; a recovery plan is agreed.' END,
       '', 1 + is_reviewed::integer, saved_at, officer,
       CASE WHEN NOT is_draft THEN saved_at END, CASE WHEN NOT is_draft THEN officer END,
       CASE WHEN is_reviewed THEN saved_at + interval '3 days' END, CASE WHEN is_reviewed THEN commissioner END, '', ''
FROM (
    SELECT c.id AS contract, m.month, noise, officer, commissioner, is_draft,
           NOT is_draft AND (m.month < %(last_month)s OR noise < 0.5) AS is_reviewed,
           pg_temp.morning(m.month) + make_interval(months => 1) - interval '5 days' + noise * interval '8 days' AS saved_at,
           pg_temp.share(c.id * 1024 + m.place, 92) >= 0.01 AS is_assessed,
           CASE WHEN mood < 0.05 THEN 'red' WHEN mood < 0.24 THEN 'amber' ELSE 'green' END AS risk
    FROM generate_series(1, %(months)s) place
    CROSS JOIN LATERAL (SELECT place, (%(first_month)s + make_interval(months => place - 1))::date AS month) m
    JOIN contracts_contract c
      ON c.start < m.month + interval '1 month' AND c.effective_end >= m.month
    CROSS JOIN LATERAL (
        -- a contract stays as it is for a quarter of a year, most for longer
        SELECT pg_temp.share(c.id * 1024 + m.place, 90) AS noise,
               0.7 * pg_temp.share(c.id, 91) + 0.3 * pg_temp.share(c.id * 1024 + m.place / 3, 91) AS mood,
               m.month = %(last_month)s AND pg_temp.share(c.id, 93) < 0.1 AS is_draft,
               coalesce(c.officer_id, c.created_by_id) AS officer, c.created_by_id AS commissioner
    ) said
    WHERE pg_temp.share(c.id * 1024 + m.place, 94) >= CASE WHEN m.month = %(last_month)s THEN 0.3 ELSE 0.03 END
) returned
ORDER BY 1;

-- Every month is closed but the last two.
INSERT INTO contracts_monthreview
    (unit_id, month, held_on, present, notes, closed_at, closed_by_id, closing_note, version)
SELECT p.unit, m.month::date, m.month::date + 45, 'The commissioner and the contract officers', '',
       pg_temp.morning(m.month::date + 46), p.id, '', 2
FROM scale_person p, generate_series(%(first_month)s::timestamp, %(last_month)s - interval '2 months', '1 month') m(month)
WHERE p.role = 'commissioner' AND p.unit IS NOT NULL
ORDER BY m.month, p.unit;

-- What a review asked a provider to improve: of contracts then red, in the last year.
INSERT INTO contracts_reviewaction (contract_id, month, text, owner, due_on, noted_at, noted_by_id, done_at, done_by_id)
SELECT r.contract_id, r.month, 'Send the recovery plan with dates', 'The provider’s contract manager', r.month + 75,
       pg_temp.morning(r.month + 45), r.reviewed_by_id,
       CASE WHEN r.month < %(last_month)s - interval '3 months' THEN pg_temp.morning(r.month + 74) END,
       CASE WHEN r.month < %(last_month)s - interval '3 months' THEN r.reviewed_by_id END
FROM contracts_monthlyreturn r
WHERE r.risk = 'red' AND r.reviewed_by_id IS NOT NULL AND r.month >= %(last_month)s - interval '12 months'
  AND mod(r.contract_id, 2) = 0
ORDER BY r.month, r.contract_id;

-- What the service manager and the supplier would give, of one contract in seven in the last half year.
INSERT INTO contracts_gradeview
    (contract_id, month, side, score, comment, stated_on, stated_by, recorded_by_id, recorded_at, version)
SELECT r.contract_id, r.month, side, greatest(1, least(9, r.jet_score + floor(3 * pg_temp.share(r.id, heard)) - 1)), '',
       r.saved_at::date, 'By e-mail', r.saved_by_id, r.saved_at, 1
FROM contracts_monthlyreturn r, (VALUES ('service_manager', 95), ('supplier', 96)) told(side, heard)
WHERE mod(r.contract_id, 7) = 2 AND r.jet_score IS NOT NULL AND r.month >= %(last_month)s - interval '5 months'
ORDER BY r.month, r.contract_id;

INSERT INTO contracts_scorecardline (contract_id, month, perspective, standing, words, saved_by_id, saved_at, version)
SELECT r.contract_id, r.month, perspective,
       CASE r.risk WHEN 'red' THEN 'weak' WHEN 'amber' THEN 'sound' ELSE 'strong' END, '', r.saved_by_id, r.saved_at, 1
FROM contracts_monthlyreturn r, unnest(%(perspectives)s::text[]) perspective
WHERE mod(r.contract_id, 10) = 3 AND r.month >= %(last_month)s - interval '2 months'
ORDER BY r.month, r.contract_id;
