"""A restricted contract does not exist for whom it does not name: not by a reference either."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.permissions import Role
from contracts.models import Contract
from contracts.services.contract import ContractParts, add_contract, change_contract
from contracts.services.restriction import restrict_contract
from tests.world import client_for, make_person

NOT_USABLE = {"reference": ["This reference cannot be used in this unit."]}


@pytest.fixture
def open_contract(world):
    return world.contract(title="Open to all")


@pytest.fixture
def hidden(world, open_contract):
    contract = world.contract(title="Prices under tender", reference="CS/0900")
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=[world.council],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    return contract


def refusal(world, who, reference):
    details = {"reference": reference, "title": "Respite"}
    with pytest.raises(ValidationError) as refused:
        add_contract(unit=world.unit, details=details, parts=ContractParts(), by=world.people[who])
    return refused.value.message_dict


@pytest.mark.parametrize("reference", ["CS/0900", "CS 0900"])
def test_a_reference_in_use_out_of_sight_is_refused_without_saying_why(world, hidden, reference):
    assert refusal(world, "ccg_commissioner", reference) == NOT_USABLE
    contract = world.contract()
    with pytest.raises(ValidationError) as refused:
        change_contract(
            contract=contract,
            details={"reference": reference},
            parts=ContractParts(),
            version=contract.version,
            by=world.people["ccg_commissioner"],
        )
    assert refused.value.message_dict == NOT_USABLE


def test_who_sees_it_is_told_which_rule_is_broken(world, hidden):
    assert refusal(world, "commissioner", "CS/0900") == {
        "__all__": ["The unit already has a contract with this reference."]
    }


def test_nothing_of_it_is_on_any_page_of_a_partner(world, hidden):
    """Rows, counts, sums, filters, search, sort and months; a decoy of its own area, officer, provider and funder."""
    Contract.objects.filter(pk=hidden.pk).update(annual_value=987_654, whole_life_value=9_876_540)
    for who in ("ccg_commissioner", "observer"):
        browser = world.browser(who)
        for address in (
            "/",
            "/?month=2014-05",
            "/contracts/",
            "/contracts/?month=2014-05",
            "/contracts/?q=CS/0900",
            "/contracts/?q=tender",
            "/contracts/?restricted=yes",
            "/contracts/?incomplete=yes",
            "/contracts/?sort=value",
            "/contracts/?decide=2020-01-01",
            "/units/",
            f"/units/{world.unit.code}/partners/",
        ):
            page = browser.get(address).content.decode()
            found = [word for word in ("Prices under", "987", "£1.0m", "CS-0900", "2 contracts") if word in page]
            assert (who, address, found) == (who, address, [])


def test_the_audit_log_and_the_export_leave_it_out(world, hidden):
    """To an auditor of a partner: neither the act that restricted it, nor its reason, nor a row."""
    auditor = make_person("Ccg Auditor", world.ccg, Role.AUDITOR)
    log = client_for(auditor).get("/audit/").content.decode()
    assert [word for word in ("Prices under", "Tender", "Contract restricted", "CS-0900") if word in log] == []
    assert "Open to all" in log
    sent = b"".join(client_for(auditor).get("/contracts/export.csv").streaming_content).decode()
    assert (sent.count("Open to all"), sent.count("CS/0900"), sent.strip().count("\n")) == (1, 0, 1)
    log = world.browser("auditor").get("/audit/").content.decode()
    assert ("Prices under" in log, "Contract restricted" in log) == (True, True)
