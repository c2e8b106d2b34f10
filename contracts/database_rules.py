"""SQL of the first migration: month arithmetic and the sum of partners' shares, held by the database."""

ADD_MONTHS = """
CREATE FUNCTION contract_add_months(day date, months integer) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN day = (date_trunc('month', day::timestamp) + interval '1 month - 1 day')::date
        THEN (date_trunc('month', day::timestamp) + make_interval(months => months + 1) - interval '1 day')::date
        ELSE (day::timestamp + make_interval(months => months))::date
    END
$$;
"""
DROP_ADD_MONTHS = "DROP FUNCTION contract_add_months(date, integer);"

FUNDING_TOTALS = """
CREATE FUNCTION contract_funding_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    target bigint;
    wrong record;
BEGIN
    IF TG_TABLE_NAME = 'contracts_contract' THEN
        target := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        target := OLD.contract_id;
    ELSE
        target := NEW.contract_id;
    END IF;
    SELECT c.reference INTO wrong
    FROM contracts_contract c
    JOIN contracts_contractfunding f ON f.contract_id = c.id
    WHERE c.id = target
    GROUP BY c.id
    HAVING sum(f.annual_amount) IS DISTINCT FROM c.annual_value
        OR sum(f.whole_life_amount) IS DISTINCT FROM c.whole_life_value;
    IF FOUND THEN
        RAISE EXCEPTION 'The partners'' shares of contract % do not total its value', wrong.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_funding_totals';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contract_funding_totals
    AFTER INSERT OR UPDATE OR DELETE ON contracts_contractfunding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contract_funding_totals();
CREATE CONSTRAINT TRIGGER contract_funding_totals
    AFTER UPDATE OF annual_value, whole_life_value ON contracts_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contract_funding_totals();
"""
DROP_FUNDING_TOTALS = """
DROP TRIGGER contract_funding_totals ON contracts_contract;
DROP TRIGGER contract_funding_totals ON contracts_contractfunding;
DROP FUNCTION contract_funding_totals();
"""
