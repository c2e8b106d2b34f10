-- All that the dashboard says of the month being returned, each part as one list: every contract in sight is read once.
WITH rule AS (
    SELECT u.id AS unit_id, w.closed_at IS NOT NULL OR u.return_working_day < %(open_from)s AS is_over,
           coalesce(w.rules_then, to_jsonb(r), '{"red": true, "jet_at_most": 3, "jet_fall_at_least": 2,
               "months_without_return": 2, "amber_months": 5, "contradicts_kpis": true, "disagreement_at_least": 2,
               "steps_overdue": 1}') AS its
    FROM commissioning_commissioningunit u
    LEFT JOIN contracts_reviewrules r ON r.unit_id = u.id
    LEFT JOIN contracts_monthreview w ON w.unit_id = u.id AND w.month = %(month)s AND w.closed_at IS NOT NULL
), rules AS (
    SELECT unit_id, is_over, (its->>'red')::boolean AS red, (its->>'jet_at_most')::int AS low,
           (its->>'jet_fall_at_least')::int AS fell, (its->>'months_without_return')::int AS silent_for,
           (its->>'amber_months')::int AS amber_for, coalesce((its->>'contradicts_kpis')::boolean, false) AS by_kpis,
           (its->>'disagreement_at_least')::int AS apart, (its->>'steps_overdue')::int AS late
    FROM rule
), said AS MATERIALIZED (
    SELECT c.id, c.unit_id, c.officer_id, c.management, c.annual_value, c.whole_life_value, u.return_working_day AS day,
           greatest(c.start, u.first_return_month, c.returns_from) AS owes_from, rules.is_over,
           now.risk AS now_risk, now.jet_score AS now_jet, was.risk AS was_risk, was.jet_score AS was_jet,
           now.state = 'submitted' AND %(reviewed)s AS waits,
           CASE WHEN now.risk IS NOT NULL THEN now.risk WHEN NOT rules.is_over THEN was.risk END AS risk,
           CASE WHEN now.risk IS NOT NULL THEN now.jet_score WHEN NOT rules.is_over THEN was.jet_score END AS jet,
           c.start <= %(month_end)s AND (c.effective_end IS NULL OR c.effective_end >= %(month)s) AS is_due,
           c.start < %(month)s AND (u.first_return_month IS NULL OR u.first_return_month <= %(previous)s)
               AND (c.returns_from IS NULL OR c.returns_from <= %(previous)s) AS was_due
    FROM contracts_contract c
    JOIN commissioning_commissioningunit u ON u.id = c.unit_id
    JOIN rules ON rules.unit_id = c.unit_id
    LEFT JOIN contracts_monthlyreturn now ON now.contract_id = c.id AND now.month = %(month)s
        AND now.state IN ('submitted', 'accepted', 'amended')
    LEFT JOIN contracts_monthlyreturn was ON was.contract_id = c.id AND was.month = %(previous)s
        AND was.state IN ('submitted', 'accepted', 'amended')
    WHERE %(sight)s AND (%(unit)s IS NULL OR c.unit_id = %(unit)s)
        AND (u.first_return_month IS NULL OR u.first_return_month <= %(month)s)
        AND (c.returns_from IS NULL OR c.returns_from <= %(month)s)
        AND c.start <= %(month_end)s AND (c.effective_end IS NULL OR c.effective_end >= %(previous)s)
), frequency (code, due) AS (
    SELECT code, (%(month)s::date - make_interval(months => (extract(month FROM %(month)s::date)::int + 9) %% months))::date
    FROM (VALUES ('monthly', 1), ('quarterly', 3), ('half_yearly', 6), ('yearly', 12)) f (code, months)
), reading AS MATERIALIZED (
    SELECT k.id, k.contract_id, s.now_jet AS score, k.direction, r.month, r.value, r.plan, t.target,
           coalesce(t.upper, t.target) AS upper,
           CASE k.direction WHEN 'at_least' THEN value < target - tolerance WHEN 'at_most' THEN value > target + tolerance
               ELSE value NOT BETWEEN target - tolerance AND coalesce(upper, target) + tolerance END AS is_short,
           CASE k.direction
               WHEN 'at_least' THEN value > target + tolerance OR (k.unit = 'percent' AND value = 100)
               WHEN 'at_most' THEN value < target - tolerance OR (k.unit <> 'pounds' AND value = 0)
               ELSE value BETWEEN target - tolerance AND coalesce(upper, target) + tolerance END AS is_best
    FROM said s
    JOIN contracts_kpi k ON k.contract_id = s.id AND k.first_month <= %(month)s
        AND (k.last_month IS NULL OR k.last_month >= %(month)s)
    JOIN frequency f ON f.code = k.frequency
    JOIN contracts_kpireading r ON r.kpi_id = k.id AND r.month = f.due AND r.value IS NOT NULL
        AND r.month BETWEEN %(history)s AND %(month)s
    JOIN LATERAL (SELECT target, upper, tolerance FROM contracts_kpitarget
                  WHERE kpi_id = k.id AND from_month <= r.month ORDER BY from_month DESC LIMIT 1) t ON true
    WHERE s.is_due AND s.now_jet IS NOT NULL
), standing AS MATERIALIZED (
    SELECT contract_id, score, is_short, is_best, is_short AND (
               SELECT CASE s.direction WHEN 'at_least' THEN s.value > b.value WHEN 'at_most' THEN s.value < b.value
                   ELSE greatest(target - s.value, s.value - upper) < greatest(target - b.value, b.value - upper) END
               FROM contracts_kpireading b
               WHERE b.kpi_id = s.id AND b.value IS NOT NULL AND b.month < s.month
                   AND b.month > %(month)s::date - interval '24 months'
               ORDER BY b.month DESC LIMIT 1) AS improves,
           CASE WHEN NOT is_short OR plan <> '' THEN plan WHEN EXISTS (
               SELECT FROM contracts_improvementplan_kpis n JOIN contracts_improvementplan p ON p.id = n.improvementplan_id
               WHERE n.kpi_id = s.id AND p.agreed_on < %(month)s::date + interval '2 months'
                   AND (p.closed_on IS NULL OR p.closed_on > %(month_end)s)) THEN 'in_place' ELSE 'none' END AS plan
    FROM reading s
), against AS MATERIALIZED (
    SELECT contract_id FROM (
        SELECT contract_id, score, count(*) AS total, count(*) FILTER (WHERE is_short) AS short,
               count(*) FILTER (WHERE is_best) AS best, count(*) FILTER (WHERE improves) AS improving,
               count(*) FILTER (WHERE is_short AND plan = 'in_place') AS planned,
               count(*) FILTER (WHERE is_short AND plan IN ('in_place', 'willing')) AS willing
        FROM standing GROUP BY 1, 2
    ) k WHERE NOT CASE score
        WHEN 9 THEN short = 0 AND best = total WHEN 8 THEN short = 0 AND 2 * best > total WHEN 7 THEN short = 0
        WHEN 6 THEN 2 * short < total AND planned = short
        WHEN 5 THEN short > 0 AND 2 * short <= total AND improving = short
        WHEN 4 THEN short > 0 AND 2 * short <= total AND planned = short
        WHEN 3 THEN 2 * short > total AND planned = short WHEN 2 THEN 2 * short > total AND willing = short
        ELSE short = total AND willing = 0 END
), disputed AS MATERIALIZED (
    SELECT s.id, max(abs(v.score - s.now_jet)) AS apart
    FROM said s JOIN contracts_gradeview v ON v.contract_id = s.id AND v.month = %(month)s
    WHERE s.is_due AND s.now_jet IS NOT NULL GROUP BY 1
), late AS MATERIALIZED (
    SELECT s.id, count(*) AS steps
    FROM said s JOIN contracts_planstep p ON p.contract_id = s.id AND p.due_on < %(day)s AND p.state <> 'done'
    JOIN contracts_improvementplan plan ON plan.id = p.plan_id AND plan.closed_on IS NULL
    WHERE s.is_due GROUP BY 1
), earlier AS MATERIALIZED (
    SELECT s.id, e.risk, e.jet, e.month, e.graded, length(e.risks) - length(ltrim(e.risks, left(e.risks, 1))) AS run
    FROM said s CROSS JOIN LATERAL (
        SELECT string_agg(left(risk, 1), '' ORDER BY month DESC) AS risks, max(month) AS month,
               (array_agg(risk ORDER BY month DESC))[1] AS risk, (array_agg(jet_score ORDER BY month DESC))[1] AS jet,
               (array_agg(jet_score ORDER BY month DESC) FILTER (WHERE jet_score IS NOT NULL))[1] AS graded
        FROM contracts_monthlyreturn
        WHERE contract_id = s.id AND month >= %(history)s AND month < %(previous)s
            AND state IN ('submitted', 'accepted', 'amended')
    ) e
    WHERE s.is_due AND (s.was_risk IS NULL OR s.was_risk <> 'green' OR s.now_risk = 'red'
                        OR (s.now_jet IS NOT NULL AND s.was_jet IS NULL))
), told AS (
    SELECT s.*, r.red, r.low, r.fell, r.silent_for, r.amber_for, a.contract_id IS NOT NULL AND r.by_kpis AS contradicts,
           coalesce(d.apart >= r.apart, false) OR coalesce(l.steps >= r.late, false) AS is_spoken_against,
           coalesce(s.was_risk, e.risk) AS before,
           CASE WHEN s.was_risk IS NULL THEN e.jet ELSE s.was_jet END AS jet_before,
           CASE WHEN s.was_risk IS NULL THEN coalesce(e.run, 0) WHEN s.was_risk = e.risk THEN 1 + e.run ELSE 1 END AS run,
           coalesce(s.was_jet, e.graded) - s.now_jet AS fall,
           CASE WHEN s.was_risk IS NOT NULL THEN 0 ELSE least(
               11, extract(year FROM age(%(previous)s, e.month)) * 12 + extract(month FROM age(%(previous)s, e.month)),
               greatest(0, extract(year FROM age(%(month)s, date_trunc('month', s.owes_from))) * 12
                           + extract(month FROM age(%(month)s, date_trunc('month', s.owes_from))))) END AS silent
    FROM said s JOIN rules r ON r.unit_id = s.unit_id
    LEFT JOIN earlier e ON e.id = s.id LEFT JOIN against a ON a.contract_id = s.id
    LEFT JOIN disputed d ON d.id = s.id LEFT JOIN late l ON l.id = s.id
    WHERE s.is_due
), judged AS (
    SELECT *, CASE WHEN now_risk IS NULL THEN run WHEN now_risk = before THEN 1 + run ELSE 1 END AS run_now,
           coalesce(now_risk = 'red' AND before IS DISTINCT FROM 'red', false) AS is_newly_red,
           contradicts OR is_spoken_against OR coalesce(red AND coalesce(now_risk, before) = 'red', false)
               OR coalesce(CASE WHEN now_risk IS NULL THEN jet_before ELSE now_jet END <= low, false)
               OR coalesce(fall >= fell, false)
               OR coalesce(now_risk IS NULL AND silent + is_over::int >= silent_for, false)
               OR coalesce(coalesce(now_risk, before) = 'amber' AND CASE WHEN now_risk IS NULL THEN run
                   WHEN now_risk = before THEN 1 + run ELSE 1 END >= amber_for, false) AS is_named,
           now_risk IS NOT NULL AND (coalesce(red AND before = 'red', false) OR coalesce(jet_before <= low, false)
               OR coalesce(silent >= silent_for, false)
               OR coalesce(before = 'amber' AND run >= amber_for, false)) AS was_named
    FROM told
), decided AS MATERIALIZED (
    SELECT id, risk, jet, was_risk, was_jet, waits, is_newly_red, is_named, was_named,
           CASE WHEN coalesce(now_risk, before) = 'red' THEN run_now ELSE 0 END AS reds
    FROM judged WHERE is_named OR was_named OR risk = 'red' OR waits
), ranked AS MATERIALIZED (
    SELECT id, risk, is_newly_red, is_named OR was_named AS is_listed, row_number() OVER (
               PARTITION BY is_named OR was_named ORDER BY CASE WHEN NOT is_named THEN 4 WHEN is_newly_red THEN 0
                   WHEN risk = 'red' THEN 1 WHEN risk IS NULL THEN 2 ELSE 3 END, coalesce(jet, 10), reds DESC, id) AS place
    FROM decided WHERE is_named OR was_named OR risk = 'red'
), ending AS MATERIALIZED (
    SELECT c.id, c.title, c.start, c.initial_end, c.effective_end, c.decide_by, c.notice_by, c.notice_given_on,
           c.exercised_months, count(*) OVER () AS total
    FROM contracts_contract c
    WHERE %(sight)s AND (%(unit)s IS NULL OR c.unit_id = %(unit)s) AND c.start <= %(day)s AND c.effective_end
        BETWEEN %(day)s AND date_trunc('month', %(day)s::date) + interval '12 months' - interval '1 day'
    ORDER BY c.decide_by, c.effective_end, c.id LIMIT 400
)
SELECT (SELECT json_agg(f) FROM (
            SELECT risk, jet, now_risk IS NOT NULL AS is_returned, management, day AS working_day, count(*) AS number,
                   sum(annual_value)::text AS annual, sum(whole_life_value)::text AS whole_life,
                   count(*) - count(annual_value) AS without_value
            FROM said WHERE is_due GROUP BY 1, 2, 3, 4, 5) f) AS now,
       (SELECT json_agg(f) FROM (
            SELECT was_risk AS risk, was_jet AS jet, was_risk IS NOT NULL AS is_returned, count(*) AS number
            FROM said WHERE was_due GROUP BY 1, 2, 3) f) AS before,
       (SELECT json_agg(f) FROM (
            SELECT officer_id, p.name, is_devolved, total, "left" FROM (
                SELECT CASE WHEN management <> 'devolved' THEN officer_id END AS officer_id,
                       management = 'devolved' AS is_devolved, count(*) AS total, count(*) - count(now_risk) AS "left"
                FROM said WHERE is_due GROUP BY 1, 2) l
            LEFT JOIN accounts_user p ON p.id = officer_id WHERE "left" > 0
            ORDER BY is_devolved OR officer_id = %(user)s IS TRUE DESC, "left" DESC, p.name LIMIT 6) f) AS loads,
       (SELECT json_agg(json_build_array(o.name, o.kind, f.annual, f.whole_life)) FROM (
            SELECT f.organisation_id, sum(f.annual_amount) AS annual, sum(f.whole_life_amount) AS whole_life
            FROM contracts_contractfunding f JOIN said s ON s.id = f.contract_id AND s.is_due GROUP BY 1) f
        JOIN commissioning_organisation o ON o.id = f.organisation_id) AS spend,
       (SELECT count(*) FROM (SELECT DISTINCT p.organisation_id FROM contracts_contractprovider p
                              JOIN said s ON s.id = p.contract_id AND s.is_due) p) AS providers,
       (SELECT json_build_array(count(*) FILTER (WHERE is_listed),
                                count(*) FILTER (WHERE risk = 'red' AND is_newly_red)) FROM ranked) AS of_concern,
       (SELECT json_agg(json_build_array(r.id, c.title, c.slug, u.code, (
                SELECT json_agg(o.name ORDER BY p.position, p.id) FROM contracts_contractprovider p
                JOIN commissioning_organisation o ON o.id = p.organisation_id WHERE p.contract_id = c.id), (
                SELECT json_agg(json_build_array(month, m.risk, jet_score)) FROM contracts_monthlyreturn m
                WHERE m.contract_id = c.id AND month BETWEEN %(history)s AND %(month)s
                    AND state IN ('submitted', 'accepted', 'amended'))) ORDER BY r.place)
        FROM ranked r JOIN contracts_contract c ON c.id = r.id JOIN commissioning_commissioningunit u ON u.id = c.unit_id
        WHERE (r.is_listed AND r.place <= 12) OR (r.risk = 'red' AND r.place <= 4)) AS shown,
       (SELECT json_agg(f) FROM (
            SELECT c.title, c.slug, d.is_newly_red, d.risk, d.jet, d.was_risk, d.was_jet, d.total FROM (
                SELECT *, count(*) OVER () AS total FROM decided WHERE waits) d
            JOIN contracts_contract c ON c.id = d.id
            ORDER BY is_newly_red DESC, d.was_jet - d.jet DESC NULLS LAST,
                CASE d.risk WHEN 'red' THEN 0 WHEN 'amber' THEN 1 ELSE 2 END, c.title, c.id LIMIT 4) f) AS reviews,
       (SELECT json_agg(f) FROM (
            SELECT c.title, c.slug, c.notice_by, c.decide_by, count(*) OVER () AS total
            FROM contracts_contract c
            WHERE %(sight)s AND (%(unit)s IS NULL OR c.unit_id = %(unit)s) AND c.decide_by <= %(soon)s
                AND (c.notice_given_on IS NULL OR c.notice_given_on > %(day)s) AND c.start <= %(day)s
                AND c.effective_end >= %(day)s
            ORDER BY c.decide_by, c.id LIMIT 4) f) AS decisions,
       (SELECT json_agg(f) FROM (
            SELECT trim(split_part(e.title, ',', 1)) AS service, CASE WHEN position(',' IN e.title) = 0 THEN e.id END AS alone,
                   e.effective_end, e.initial_end, e.exercised_months, e.notice_by, e.decide_by, e.notice_given_on,
                   greatest(e.start, %(month)s) AS drawn_from, e.total, count(*) AS number,
                   ARRAY(SELECT months FROM contracts_extensionoption o WHERE o.contract_id = e.id
                         AND o.exercised_on IS NULL ORDER BY position) AS options
            FROM ending e GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12
            ORDER BY e.decide_by, e.effective_end, min(e.id) LIMIT 8) f) AS ending,
       (SELECT json_agg(f) FROM (
            SELECT p.text, p.owner, p.due_on, c.title, c.slug, count(*) OVER () AS total,
                   dense_rank() OVER (ORDER BY c.id) + dense_rank() OVER (ORDER BY c.id DESC) - 1 AS contracts
            FROM contracts_planstep p JOIN contracts_improvementplan plan ON plan.id = p.plan_id
            JOIN contracts_contract c ON c.id = p.contract_id
            WHERE p.due_on < %(day)s AND p.state <> 'done' AND plan.closed_on IS NULL AND %(sight)s
                AND (%(unit)s IS NULL OR c.unit_id = %(unit)s)
            ORDER BY p.due_on, c.title, p.position, p.id LIMIT 6) f) AS steps
