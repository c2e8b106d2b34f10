CREATE TEMP TABLE scale_term ON COMMIT DROP AS
SELECT id, unit, number, fate, start,
       CASE WHEN fate = 'running' THEN greatest(planned_end, (start + interval '1 year')::date - 1) ELSE planned_end END
           AS initial_end
FROM (
    SELECT id, unit, number, fate,
           (CASE fate
                WHEN 'coming' THEN date_trunc('month', %(today)s::timestamp) + make_interval(months => 1 + (a * 5)::integer)
                WHEN 'new' THEN date_trunc('month', %(today)s::timestamp) - make_interval(months => (a * %(months)s)::integer)
                ELSE %(first_month)s::timestamp - make_interval(months => (a * 36)::integer)
            END)::date AS start,
           (date_trunc('month', %(today)s::timestamp)
                + make_interval(months => CASE fate WHEN 'ended' THEN -1 - (b * (%(months)s - 2))::integer
                                                    WHEN 'running' THEN -18 + (b * 54)::integer
                                                    ELSE 12 + (b * 48)::integer END)
                - interval '1 day')::date AS planned_end
    FROM (
        SELECT *, pg_temp.share(id, 51) AS a, pg_temp.share(id, 52) AS b,
               CASE WHEN kind < 0.93 THEN 'running' WHEN kind < 0.96 THEN 'ended' WHEN kind < 0.99 THEN 'new' ELSE 'coming' END
                   AS fate
        FROM (SELECT *, pg_temp.share(id, 50) AS kind FROM scale_contract) kinds
    ) fates
) planned;

-- A contract past its first term runs on an option of two years; half of all have a further year to give.
CREATE TEMP TABLE scale_value ON COMMIT DROP AS
SELECT *, initial_end <= %(today)s + 180 AND fate = 'running' AS is_extended, pg_temp.share(id, 53) < 0.5 AS has_option,
       (100 * round(exp(4.6 + 5 * pg_temp.share(id, 54))))::numeric(14, 2) AS annual
FROM scale_term;

INSERT INTO contracts_contract
    (id, unit_id, reference, slug, title, description, service_area_id, officer_id, service_manager_id, management,
     procurement_regime, procurement_route, annual_value, whole_life_value, start, initial_end, notice_months,
     decision_lead_days, exercised_months, option_months, notice_given_on, notice_given_by, notice_kind, notice_ends_on,
     ocid, is_restricted, version, created_at, created_by_id)
SELECT v.id, v.unit, 'JC-' || lpad(v.number::text, 4, '0'), 'JC-' || lpad(v.number::text, 4, '0'),
       pg_temp.one_of(
           '{Advocacy,Assessment beds,Autism support,Breastfeeding support,Care at home,Carers support,Community equipment,'
           'Counselling,Crisis house,Day opportunities,Dementia advisers,Direct payments support,Drug and alcohol recovery,'
           'Early help,Employment support,End of life nursing,Extra care housing,Falls prevention,Family hubs,Health checks,'
           'Home from hospital,Housing related support,Intermediate care,Looked after children nursing,Meals,Nursing homes,'
           'Occupational therapy,Parenting programmes,Physiotherapy,Reablement,Residential care,Respite,School nursing,'
           'Sexual health,Short breaks,Smoking cessation,Speech and language therapy,Supported living,Telecare,Wheelchairs}'
           ::text[], v.id, 60)
           || ' for '
           || pg_temp.one_of('{adults,carers,children,families,older people,people with a learning disability,'
                             'people with dementia,veterans,young people}'::text[], v.id, 61)
           || ', ' || pg_temp.place(v.id, 62),
       pg_temp.one_of(ARRAY['', 'Lots for each locality.', 'Let jointly with the health partners of the unit.',
                            'A block contract with an activity schedule.', 'Paid by results above a core payment.'], v.id, 64),
       (v.unit - 1) * 8 + 1 + floor(pg_temp.share(v.id, 65) * 8)::integer,
       CASE WHEN pg_temp.share(v.id, 66) < 0.99 THEN officer.id END,
       CASE WHEN pg_temp.share(v.id, 67) < 0.6 THEN manager.id END,
       CASE WHEN pg_temp.share(v.id, 68) < 0.9 THEN 'central' ELSE 'devolved' END,
       CASE WHEN v.start < date '2024-01-01' THEN 'pcr2015' WHEN pg_temp.share(v.id, 69) < 0.5 THEN 'psr'
            WHEN v.start < date '2025-02-24' THEN 'pcr2015' ELSE 'pa2023_light_touch' END,
       pg_temp.one_of('{open,open,restricted,direct_award,framework_call_off,quotation}', v.id, 70),
       CASE WHEN pg_temp.share(v.id, 71) < 0.99 THEN v.annual END,
       CASE WHEN pg_temp.share(v.id, 71) < 0.99 THEN v.annual * 4 END,
       v.start, v.initial_end, CASE WHEN pg_temp.share(v.id, 72) < 0.98 THEN 3 + 3 * mod(v.id, 2) END,
       28, 24 * v.is_extended::integer, 24 * v.is_extended::integer + 12 * v.has_option::integer,
       CASE WHEN is_noticed THEN %(today)s - 40 END, CASE WHEN is_noticed THEN 'commissioner' ELSE '' END,
       CASE WHEN is_noticed THEN 'contractual' ELSE '' END, CASE WHEN is_noticed THEN %(today)s + 140 END,
       '', pg_temp.share(v.id, 74) < 0.01, 1 + is_noticed::integer, pg_temp.morning(%(first_month)s), commissioner.id
FROM (SELECT *, fate = 'running' AND pg_temp.share(id, 73) < 0.005 AS is_noticed FROM scale_value) v
JOIN scale_person officer ON officer.unit = v.unit AND officer.role = 'contract_officer'
                         AND officer.number = 1 + (v.number - 1) / 30
JOIN scale_person manager ON manager.unit = v.unit AND manager.role = 'service_manager'
                         AND manager.number = 1 + mod(v.number, 4)
JOIN scale_person commissioner ON commissioner.unit = v.unit AND commissioner.role = 'commissioner'
ORDER BY v.id;

INSERT INTO contracts_extensionoption
    (contract_id, position, months, is_outside, exercised_on, exercised_by_id)
SELECT v.id, 1, 24, false, v.initial_end - 210, c.created_by_id
FROM scale_value v JOIN contracts_contract c ON c.id = v.id WHERE v.is_extended
UNION ALL
SELECT id, 1 + is_extended::integer, 12, false, NULL, NULL FROM scale_value WHERE has_option
ORDER BY 1, 2;

-- Most providers have a handful of contracts, a few have many; one contract in thirty is a framework of several.
INSERT INTO contracts_contractprovider (contract_id, organisation_id, position)
SELECT DISTINCT ON (contract, provider) contract, %(units)s + %(partners)s + provider, place
FROM (
    SELECT c.id AS contract, place,
           1 + floor(%(providers)s * pow(pg_temp.share(c.id * 8 + place, 80), 1.4))::integer AS provider
    FROM contracts_contract c, generate_series(1, 5) place
    WHERE place = 1 OR mod(c.id, 30) = 7
) chosen
ORDER BY contract, provider, place;

-- In half of all contracts a partner of the unit pays a share.
INSERT INTO contracts_contractfunding (contract_id, organisation_id, annual_amount, whole_life_amount)
SELECT c.id, share.organisation, share.part * c.annual_value / 4, share.part * c.whole_life_value / 4
FROM contracts_contract c
CROSS JOIN LATERAL (VALUES (c.unit_id, 3), (%(units)s + 2 + mod(c.unit_id * 3, %(partners)s - 1), 1))
    share(organisation, part)
WHERE c.annual_value IS NOT NULL AND pg_temp.share(c.id, 81) < 0.5
ORDER BY c.id;

INSERT INTO contracts_contract_deputies (contract_id, user_id)
SELECT c.id, deputy.id
FROM scale_contract s
JOIN contracts_contract c ON c.id = s.id
JOIN scale_person deputy ON deputy.unit = s.unit AND deputy.role = 'contract_officer'
                        AND deputy.number = CASE WHEN s.number <= 30 THEN 2 ELSE (s.number - 1) / 30 END
WHERE mod(s.id, 10) = 4
ORDER BY c.id;

-- One in a hundred is commercially sensitive: the host sees it, and in half of the cases one partner.
INSERT INTO contracts_contractrestriction (id, contract_id, reason, decided_by_id, decided_on, review_on, lifted_reason)
SELECT id, id, 'A price under negotiation', created_by_id, %(today)s - 60, %(today)s + 120, ''
FROM contracts_contract WHERE is_restricted;
INSERT INTO contracts_contractrestriction_named (contractrestriction_id, organisation_id)
SELECT id, unit_id FROM contracts_contract WHERE is_restricted
UNION ALL
SELECT id, %(units)s + 2 + mod(unit_id * 3, %(partners)s - 1) FROM contracts_contract WHERE is_restricted AND mod(id, 2) = 0;
INSERT INTO contracts_contractgroupobjectpermission (permission_id, group_id, content_object_id)
SELECT p.contract_permission, r.group_id, c.id
FROM contracts_contract c
JOIN contracts_contractrestriction_named named ON named.contractrestriction_id = c.id
JOIN commissioning_unitpartner partner ON partner.unit_id = c.unit_id AND partner.organisation_id = named.organisation_id
JOIN commissioning_organisationrole r ON r.organisation_id = named.organisation_id
JOIN scale_permission p ON p.level = partner.level AND p.role = r.role AND p.contract_permission IS NOT NULL
WHERE c.is_restricted AND (partner.level = 'host' OR NOT p.may_lift);
