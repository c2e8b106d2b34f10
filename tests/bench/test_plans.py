from bench.addresses import PAGES
from bench.plans import Plan, name_of, shortened


def test_a_statement_is_shown_without_its_long_lists():
    names = ("id", "unit_id", "title", "start", "slug", "ocid")
    columns = ", ".join(f'"contracts_contract"."{name}"' for name in names)
    ids = ", ".join(map(str, range(1, 31)))
    wanted = f'"contracts_contract"."unit_id" IN ({ids}) AND "a" IN (1, 2)'
    statement = " ".join(["SELECT", columns, 'FROM "contracts_contract"\n', "WHERE", wanted])
    assert shortened(statement) == (
        'SELECT "contracts_contract"."id", … 6 columns FROM "contracts_contract"'
        ' WHERE "contracts_contract"."unit_id" IN (1, 2, 3, … 30 ids) AND "a" IN (1, 2)'
    )


def test_a_scan_of_a_large_table_is_named_and_one_of_a_small_table_is_not():
    plan = Plan(
        "SELECT 1",
        (
            "Nested Loop (actual rows=50.00 loops=1)",
            "  ->  Seq Scan on contracts_monthlyreturn r (actual rows=1440000.00 loops=1)",
            "  ->  Seq Scan on commissioning_commissioningunit (actual rows=153.00 loops=1)",
            "  ->  Index Scan using contracts_contract_pkey on contracts_contract",
        ),
    )
    assert plan.scans(["contracts_contract", "contracts_monthlyreturn"]) == ["contracts_monthlyreturn"]


def test_every_page_has_a_file_of_its_own():
    assert len({name_of(page) for page in PAGES}) == len(PAGES)
    assert [name_of(page) for page in PAGES[:2]] == ["register", "register-filtered"]
