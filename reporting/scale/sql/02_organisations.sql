-- Hosts of units, then partner bodies, then providers, by number.
INSERT INTO commissioning_organisation (id, name, normalised_name, kind, opened_on, is_invented, created_at)
SELECT id, name, lower(name), kind, date '2013-04-01', true, pg_temp.morning(%(first_month)s)
FROM (
    SELECT n AS id, pg_temp.place(n, 10) || ' ' || lpad(n::text, 3, '0') || ' Council' AS name, 'council' AS kind
    FROM generate_series(1, %(units)s) n
    UNION ALL
    SELECT %(units)s + n,
           pg_temp.place(n, 20) || ' ' || lpad(n::text, 3, '0')
               || CASE WHEN mod(n, 3) = 0 THEN ' Care Board' ELSE ' Hospital Trust' END,
           CASE WHEN mod(n, 3) = 0 THEN 'icb' ELSE 'nhs_trust' END
    FROM generate_series(1, %(partners)s) n
    UNION ALL
    SELECT %(units)s + %(partners)s + n,
           pg_temp.place(n, 30) || ' '
               || pg_temp.one_of('{Care,Families,Homes,Nursing,Outreach,Support,Therapies,Wellbeing}', n, 32)
               || ' ' || lpad(n::text, 5, '0'),
           pg_temp.one_of('{company,company,company,voluntary_sector,nhs_trust,other}', n, 33)
    FROM generate_series(1, %(providers)s) n
) body;

INSERT INTO commissioning_commissioningunit
    (id, name, code, kind, host_id, status, live_on, first_return_month, return_working_day, decision_lead_days,
     risk_red_means, risk_amber_means, risk_green_means)
SELECT n, pg_temp.place(n, 10) || ' Joint Commissioning Unit ' || lpad(n::text, 3, '0'), 'unit-' || lpad(n::text, 3, '0'),
       'joint_commissioning_unit', n, 'live', %(first_month)s, %(first_month)s, 5, 28,
       'Outcomes or safety at risk', 'Concerns that a plan is dealing with', 'No concerns that need a plan'
FROM generate_series(1, %(units)s) n;

INSERT INTO commissioning_servicearea (id, unit_id, name)
SELECT (unit - 1) * 8 + place, unit,
       (ARRAY['Adult social care', 'Carers', 'Children and families', 'Community health', 'Learning disability',
              'Mental health', 'Older people', 'Public health'])[place]
FROM generate_series(1, %(units)s) unit, generate_series(1, 8) place;

-- The first partner body takes part in many units, each of the others in a few.
INSERT INTO commissioning_unitpartner (unit_id, organisation_id, level, joined_on)
SELECT unit, unit, 'host', %(first_month)s FROM generate_series(1, %(units)s) unit
UNION ALL
SELECT unit, %(units)s + 1, 'full', %(first_month)s FROM generate_series(1, least(%(units)s, 30)) unit
UNION ALL
SELECT unit, %(units)s + 2 + mod(unit * 3 + place, %(partners)s - 1),
       CASE WHEN place = 3 THEN 'observer' ELSE 'full' END, %(first_month)s
FROM generate_series(1, %(units)s) unit, generate_series(0, 3) place;

-- Hosts, partner bodies and every tenth provider have people, so they have groups.
INSERT INTO auth_group (id, name)
SELECT 1 + (o.id - 1) * %(role_count)s + r.place, 'organisation ' || o.id || ': ' || r.role
FROM commissioning_organisation o, unnest(%(roles)s::text[]) WITH ORDINALITY r(role, place)
WHERE o.id <= %(units)s + %(partners)s OR mod(o.id - %(units)s - %(partners)s, 10) = 1
UNION ALL SELECT 1, 'National sight';

INSERT INTO commissioning_organisationrole (organisation_id, role, group_id)
SELECT o.id, r.role, g.id
FROM commissioning_organisation o
CROSS JOIN unnest(%(roles)s::text[]) WITH ORDINALITY r(role, place)
JOIN auth_group g ON g.id = 1 + (o.id - 1) * %(role_count)s + r.place;

INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, %(national)s;

INSERT INTO commissioning_commissioningunitgroupobjectpermission (permission_id, group_id, content_object_id)
SELECT p.unit_permission, r.group_id, partner.unit_id
FROM commissioning_unitpartner partner
JOIN commissioning_organisationrole r ON r.organisation_id = partner.organisation_id
JOIN scale_permission p ON p.level = partner.level AND p.role = r.role
WHERE p.unit_permission IS NOT NULL;
