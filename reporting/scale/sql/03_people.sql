-- How many contracts each unit has: the first as many as the county of the first paper, the others unequal.
CREATE TEMP TABLE scale_contract ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY unit, n) AS id, unit, row_number() OVER (PARTITION BY unit ORDER BY n) AS number
FROM (
    SELECT n, CASE WHEN n <= %(first_unit)s THEN 1
                   ELSE 2 + floor((%(units)s - 1) * pow(pg_temp.share(n, 40), 1.3))::integer END AS unit
    FROM generate_series(1, %(contracts)s) n
) placed;

CREATE TEMP TABLE scale_person ON COMMIT DROP AS
WITH team AS (
    SELECT unit, 'contract_officer' AS role, number, 'officer-' || lpad(unit::text, 3, '0') || '-' || number AS address
    FROM (SELECT unit, generate_series(1, (count(*) + 29) / 30) AS number FROM scale_contract GROUP BY unit) officer
    UNION ALL
    SELECT unit, role, number,
           replace(role, '_', '-') || '-' || lpad(unit::text, 3, '0') || CASE WHEN number > 1 THEN '-' || number ELSE '' END
    FROM generate_series(1, %(units)s) unit
    CROSS JOIN (VALUES ('commissioner', 1), ('service_manager', 1), ('service_manager', 2), ('service_manager', 3),
                       ('service_manager', 4), ('finance', 1), ('finance', 2), ('board_secretary', 1), ('auditor', 1),
                       ('clinical_lead', 1), ('organisation_administrator', 1)) post(role, number)
), everybody AS (
    SELECT unit, role, number, address, unit AS organisation, 1 AS kind FROM team
    UNION ALL
    SELECT NULL, (ARRAY['commissioner', 'finance', 'clinical_lead', 'board_secretary', 'auditor'])[place], place,
           'partner-' || lpad(n::text, 3, '0') || '-' || place, %(units)s + n, 2
    FROM generate_series(1, %(partners)s) n, generate_series(1, 5) place
    UNION ALL
    SELECT NULL, 'provider_contact', 1, 'provider-' || lpad(n::text, 5, '0'), %(units)s + %(partners)s + n, 3
    FROM generate_series(1, %(providers)s, 10) n
    UNION ALL
    SELECT NULL, 'clinical_lead', n, 'reader-' || lpad(n::text, 5, '0'), 1 + mod(n, %(units)s + %(partners)s), 4
    FROM generate_series(1, %(contracts)s / 8) n
)
SELECT 2 + row_number() OVER (ORDER BY kind, organisation, role, number) AS id, unit, role, number, organisation,
       address || '@scale.example' AS email
FROM everybody;
INSERT INTO scale_person VALUES (1, NULL, NULL, 1, NULL, 'national@scale.example'),
                                (2, NULL, 'commissioner', 1, %(units)s + 1, 'partner@scale.example');
CREATE INDEX ON scale_person (unit, role, number);
ANALYZE scale_person;

INSERT INTO accounts_user (id, email, name, password, is_superuser, is_staff, is_active, date_joined)
SELECT id, email, pg_temp.person(id), %(password)s, false, false, true, pg_temp.morning(%(first_month)s)
FROM scale_person;

INSERT INTO account_emailaddress (user_id, email, verified, "primary") SELECT id, email, true, true FROM scale_person;

INSERT INTO commissioning_membership (user_id, organisation_id, role, since)
SELECT id, organisation, role, %(first_month)s FROM scale_person WHERE role IS NOT NULL;

INSERT INTO accounts_user_groups (user_id, group_id) VALUES (1, 1);

-- One officer in twenty is away this week, and a colleague of the same unit stands in.
INSERT INTO commissioning_standin (absent_id, stand_in_id, since, until, given_by_id)
SELECT away.id, here.id, %(today)s - 2, %(today)s + 5, away.id
FROM scale_person away
JOIN scale_person here ON here.unit = away.unit AND here.role = away.role AND here.number = away.number - 1
WHERE away.role = 'contract_officer' AND mod(away.number, 20) = 3;
