-- The twenty contracts that fit a word best, and the first ten providers that bear it, each with how many there are.
-- One word of three letters or more, without digits.
WITH bearing AS MATERIALIZED (
    SELECT o.id, o.name FROM commissioning_organisation o WHERE upper(o.name) LIKE '%%' || upper(%(text)s) || '%%'
), found AS MATERIALIZED (
    SELECT c.id, c.unit_id, c.title,
           CASE WHEN ts_filter(c.words, '{a}') @@ websearch_to_tsquery('english', %(text)s) THEN 2
                WHEN upper(c.title) LIKE '%%' || upper(%(text)s) || '%%' THEN 3
                WHEN c.id IN (SELECT p.contract_id FROM contracts_contractprovider p
                              WHERE p.organisation_id IN (SELECT id FROM bearing)) THEN 4
                ELSE 5 END AS fit
    FROM contracts_contract c
    WHERE %(sight)s
      AND (c.words @@ websearch_to_tsquery('english', %(text)s)
           OR upper(c.title) LIKE '%%' || upper(%(text)s) || '%%'
           OR upper(c.reference) LIKE '%%' || upper(%(text)s) || '%%'
           OR upper(c.description) LIKE '%%' || upper(%(text)s) || '%%'
           OR c.id = ANY (ARRAY(SELECT p.contract_id FROM contracts_contractprovider p
                                WHERE p.organisation_id IN (SELECT id FROM bearing))))
), best AS (
    SELECT id, fit, row_number() OVER (ORDER BY fit, length(title), lower(title), id) AS place FROM found
    ORDER BY place LIMIT 20
)
SELECT
    (SELECT count(*) FROM found) AS total,
    (SELECT count(*) FROM found WHERE unit_id = %(unit)s OR %(unit)s IS NULL) AS here,
    (SELECT json_agg(json_build_array(
            c.id, best.fit, c.slug, c.reference, c.title, c.is_restricted, u.code, u.name, a.name, c.start,
            c.effective_end, c.notice_given_on, c.returns_from, u.first_return_month, t.risk,
            CASE WHEN u.return_working_day >= %(open_from)s AND v.closed_at IS NULL THEN l.risk END, l.risk,
            (SELECT max(r.month) FROM contracts_monthlyreturn r
             WHERE r.contract_id = c.id AND r.month <= %(month)s AND r.state IN ('submitted', 'accepted', 'amended')),
            (SELECT json_agg(o.name ORDER BY p.position, p.id) FROM contracts_contractprovider p
             JOIN commissioning_organisation o ON o.id = p.organisation_id WHERE p.contract_id = c.id),
            substr(c.description, greatest(strpos(upper(c.description), upper(%(text)s)) - 70, 1), 220)
        ) ORDER BY best.place)
     FROM best
     JOIN contracts_contract c ON c.id = best.id
     JOIN commissioning_commissioningunit u ON u.id = c.unit_id
     LEFT JOIN commissioning_servicearea a ON a.id = c.service_area_id
     LEFT JOIN contracts_monthreview v ON v.unit_id = u.id AND v.month = %(month)s
     LEFT JOIN contracts_monthlyreturn t ON t.contract_id = c.id AND t.month = %(month)s
         AND t.state IN ('submitted', 'accepted', 'amended')
     LEFT JOIN contracts_monthlyreturn l ON l.contract_id = c.id AND l.month = %(previous)s
         AND l.state IN ('submitted', 'accepted', 'amended')) AS contracts,
    (SELECT json_agg(json_build_array(id, name, number, here, total) ORDER BY name, id) FROM (
        SELECT bearing.id, bearing.name, count(*) AS number,
               count(*) FILTER (WHERE c.unit_id = %(unit)s OR %(unit)s IS NULL) AS here, count(*) OVER () AS total
        FROM bearing
        JOIN contracts_contractprovider p ON p.organisation_id = bearing.id
        JOIN contracts_contract c ON c.id = p.contract_id AND %(sight)s
        GROUP BY bearing.id, bearing.name ORDER BY bearing.name, bearing.id LIMIT 10) named) AS providers
