"""The contract page: what each may read and do, its history in words, and what a provider is not told."""

import datetime
from decimal import Decimal

import pytest

from commissioning.models import StandIn
from contracts.models import Contract
from contracts.services.contract import ContractParts, Share, change_contract
from contracts.services.life.notice import give_notice
from contracts.services.life.options import exercise_option
from contracts.services.restriction import restrict_contract
from contracts.services.return_review import accept_return, send_back_return
from contracts.services.returns import Figures, save_draft, submit_return
from reporting.queries.contract_page import ContractPage
from reporting.queries.contract_viewed import viewed
from reporting.queries.history_of_contract import newest_entries
from reporting.queries.month import ReturnMonth
from tests.world import LONG_AGO, OCTOBER, TODAY, make_contract, make_return

SEPTEMBER, AUGUST = datetime.date(2014, 9, 1), datetime.date(2014, 8, 1)


def page_of(world, contract, who="commissioner", month=None):
    return ContractPage(user=world.people[who], contract=contract, month_text=month)


def text_of(world, contract, who="commissioner"):
    answer = world.browser(who).get(contract.get_absolute_url())
    assert answer.status_code == 200, who
    return answer.content.decode()


def test_the_strip_says_risk_since_when_and_jet_with_its_movement(world):
    contract = world.contract(options=[12])
    for month, risk, jet in ((5, "green", 7), (6, "red", 3), (7, "red", 3), (9, "amber", 4), (10, "amber", 5)):
        make_return(
            contract, datetime.date(2014, month, 1), risk=risk, jet=jet, submitted_by=world.people["commissioner"]
        )
    strip = {label: (str(value), sub) for label, value, sub in page_of(world, contract).strip}
    assert strip["Risk"][1] == "Since September 2014. Was red 2 months."
    assert strip["JET grade"][1] == "Requires improvement band. Up 1 since September"
    assert strip["Next decision"] == ("Option 1: extend?", "By 3 December 2015, 394 days")
    assert strip["October return"] == ("Submitted", "3 November 2014, Council Commissioner")
    before = {label: sub for label, _, sub in page_of(world, contract, month="2014-07").strip}
    assert before["Risk"] == "Since June 2014. Was green 1 month."


def test_no_current_view_says_its_age_and_what_is_due(world, settings):
    settings.DEMO_TODAY = datetime.date(2014, 11, 10)
    contract = world.contract()
    make_return(contract, AUGUST, risk="green", jet=7)
    page = page_of(world, contract)
    assert "No current view" in page.risk
    assert page.risk_words == "Last returned August 2014, 2 months ago"
    assert page.jet == "None"
    assert page.return_words == ("To come", "Was due by Friday 7 November, 1 working day late")


def test_term_and_options_in_words(world):
    contract = world.contract(
        start=datetime.date(2012, 10, 1), initial_end=datetime.date(2015, 9, 30), options=[12, 12], notice_months=6,
        decision_lead_days=0,
    )  # fmt: skip
    term = page_of(world, contract).term
    assert [(item.name, item.text, item.is_running) for item in term.items] == [
        ("First term, 3 years", "1 October 2012 to 30 September 2015. Month 26 of 36.", True),
        ("Option 1, 1 year", "To 30 September 2016. Tell the provider by 31 March 2015 (6 months of notice).", False),
        (
            "Option 2, 1 year",
            "To 30 September 2017. Tell the provider by 31 March 2016 (6 months of notice)."
            " After this a new procurement is needed.",
            False,
        ),
    ]
    assert term.note.startswith("147 days to decide option 1. 31 March 2015 is the last day to decide")
    give_notice(
        contract=contract, given_on=datetime.date(2014, 11, 1), given_by="provider", ends_on=datetime.date(2015, 5, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    strip = {label: (value, sub) for label, value, sub in page_of(world, contract).strip}
    assert strip["Next decision"] == ("Ends 31 May 2015", "Notice given on 1 November 2014, provider")


def test_a_decision_missed_is_late(world):
    contract = world.contract(initial_end=datetime.date(2014, 12, 31), notice_months=1, decision_lead_days=28)
    term = page_of(world, contract).term
    assert term.is_late
    assert term.decision == ("Re-tender or end?", "Was due by 2 November 2014, 2 days late")


def test_what_is_not_known_is_said_and_not_guessed(world):
    bare = world.contract(start=None, initial_end=None, annual_value=None, whole_life_value=None, officer=None,
                          service_area=None, providers=[])  # fmt: skip
    text = text_of(world, bare)
    assert "Provider not known" in text
    assert "The start or the end of this contract is not known." in text
    assert "No return expected" in text


def acts(world, contract):
    return [(entry.title, entry.by, entry.changes, entry.reason) for entry in newest_entries(contract, count=200)]


def test_history_tells_each_act_in_words(world):
    boss = world.people["commissioner"]
    contract = world.contract(options=[12], funding={world.council: 8000, world.ccg: 4000})
    begun = len(acts(world, contract))
    row = submit_return(
        contract=contract, month=SEPTEMBER, figures=Figures("red", 3, "", "Went wrong."), version=0, by=boss
    )
    row = submit_return(
        contract=contract, month=SEPTEMBER, figures=Figures("amber", None, "No visits", "Going better."),
        version=row.version, by=boss,
    )  # fmt: skip
    accept_return(row=row, version=row.version, by=boss)
    change_contract(
        contract=contract,
        details={"title": "New name", "officer": boss, "annual_value": Decimal(13000), "service_area": None},
        parts=ContractParts(
            providers=[world.other_provider], deputies=[boss],
            funding=[Share(world.council, Decimal(13000), Decimal(36000))],
        ),
        version=contract.version, by=boss, reason="Letter of 3 November",
    )  # fmt: skip
    exercise_option(option=contract.options.get(), on=datetime.date(2014, 10, 1), by=boss)
    assert len(acts(world, contract)) == begun + 5
    told = {(title, tuple(changes)): (by, reason) for title, by, changes, reason in acts(world, contract)}
    name = str(boss)
    assert told[("Return submitted", ("September 2014: red, JET 3", "“Went wrong.”"))] == (name, "")
    better = ("September 2014: red to amber, JET 3 to not assessed", "“Going better.”")
    assert told[("Return submitted", better)] == (name, "")
    assert told[("Return accepted", ("September 2014: amber, JET not assessed",))] == (name, "")
    changed = (
        f"Title: {contract.title} to New name",
        "Service area: Disability to none",
        f"Contract officer: Council Contract officer to {name}",
        "Yearly value: £12,000 to £13,000",
        "Provider removed: Willow Homes Ltd",
        "Provider added: Alder Trust",
        f"Deputy added: {name}",
        "Share of Mercia CCG removed",
        "Share of Mercia County Council: £8,000 a year to £13,000 a year, £36,000 whole life",
    )
    assert told[("Contract details changed", changed)] == (name, "Letter of 3 November")
    used = ("Option 1 used: 12 months more, decided on 1 October 2014", "Ends: 31 March 2016 to 31 March 2017")
    assert told[("Option to extend exercised", used)] == (name, "")


def test_history_of_one_contract_holds_nothing_of_another(world):
    ours, other = world.contract(title="Ours"), world.contract(title="Other one")
    submit_return(
        contract=other, month=OCTOBER, figures=Figures("red", 1, "", "Other words."), version=0,
        by=world.people["commissioner"],
    )  # fmt: skip
    assert "Other words." not in text_of(world, ours)
    assert not [line for _, _, changes, _ in acts(world, ours) for line in changes if "Other" in line]


def words_of_commissioners(world):
    """A contract with everything that a provider is not told."""
    boss = world.people["commissioner"]
    contract = world.contract()
    first = submit_return(
        contract=contract,
        month=AUGUST,
        figures=Figures("red", 2, "", "Manager gone, secret worry."),
        version=0,
        by=boss,
    )
    accept_return(row=first, version=first.version, by=boss)
    submit_return(
        contract=contract, month=OCTOBER, figures=Figures("amber", None, "Unsafe to visit", "Secret hope."), version=0,
        by=boss,
    )  # fmt: skip
    sent = submit_return(
        contract=contract, month=SEPTEMBER, figures=Figures("green", 9, "", "Secret mistake."), version=0, by=boss
    )
    send_back_return(row=sent, version=sent.version, note="Secret note: look again.", by=boss)
    return contract


def test_a_provider_contact_sees_risk_and_jet_and_not_the_commissioners_words(world):
    contract = words_of_commissioners(world)
    theirs, ours = text_of(world, contract, "provider_contact"), text_of(world, contract)
    for secret in ("secret worry", "Secret hope", "Unsafe to visit", "Who can see", ">History<", "Mercia CCG", "ecide"):
        assert secret in ours, secret
        assert secret not in theirs, secret
    assert "Secret" not in theirs
    rows = {row.month: row for row in page_of(world, contract, "provider_contact").return_rows}
    assert "Red" in rows["August 2014"].risk
    assert (rows["August 2014"].jet, rows["August 2014"].state) == ("2 Marginal", "Accepted")
    assert (rows["October 2014"].jet, rows["October 2014"].state) == ("Not assessed", "Submitted")
    # one sent back states nothing, and that it was sent back is the unit's business
    assert (rows["September 2014"].risk, rows["September 2014"].state) == ("", "Not returned")
    assert {row.by for row in rows.values() if row.by} == {"4 November 2014"}


def test_a_draft_shows_its_state_and_no_figures(world):
    contract = world.contract()
    save_draft(
        contract=contract, month=OCTOBER, figures=Figures("red", 1, "", "Half a thought."), version=0,
        by=world.people["contract_officer"],
    )  # fmt: skip
    row = page_of(world, contract, "observer").return_rows[0]
    assert (row.state, row.risk, row.jet, row.narrative) == ("Draft", "", "", "")


@pytest.mark.parametrize(
    ("who", "main", "more"),
    [
        (
            "commissioner",
            "Enter October return",
            ["Monitoring and meetings", "Record a decision", "Change details", "Restrict"],
        ),
        ("contract_officer", "Enter October return", ["Monitoring and meetings"]),
        ("service_manager", None, []),
        ("finance", None, []),
        ("auditor", None, []),
        ("observer", None, []),
        ("provider_contact", None, []),
    ],
)
def test_actions_are_for_those_who_may(world, who, main, more):
    page = page_of(world, world.contract(options=[12]), who)
    assert (page.return_action[0] if page.return_action else None) == main
    assert [words for words, _ in page.actions] == more
    assert bool(page.audit_url) is (who == "auditor")


def test_a_return_that_is_in_is_changed_not_entered(world):
    contract = world.contract()
    make_return(contract)
    assert page_of(world, contract, "contract_officer").return_action[0] == "Change October return"
    assert page_of(world, contract).return_action[0] == "Review October return"


def test_who_can_see_a_contract_and_why_a_restricted_one_is(world):
    contract = world.contract()
    assert page_of(world, contract).seen_by == [
        ("Mercia Area Team", "Observer: reads only"),
        ("Mercia CCG", "Partner: all"),
        ("Mercia County Council", "Host: all"),
        ("Willow Homes Ltd (provider)", "Risk, JET, KPIs, plans, returns"),
    ]
    restrict_contract(
        contract=contract, reason="Price talks with Willow.", named=[world.council, world.provider],
        review_on=datetime.date(2015, 3, 1), by=world.people["commissioner"],
    )  # fmt: skip
    assert page_of(world, contract).seen_by == [
        ("Mercia County Council", "Host: all"), ("Willow Homes Ltd (provider)", "Risk, JET, KPIs, plans, returns")
    ]  # fmt: skip
    assert "Price talks with Willow." in text_of(world, contract)
    assert ("Lift the restriction" in text_of(world, contract)) is True
    assert "Price talks" not in text_of(world, contract, "provider_contact")
    for who in ("ccg_commissioner", "observer", "outsider", "leaver"):
        assert world.browser(who).get(contract.get_absolute_url()).status_code in (403, 404), who


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("leaver", 404), ("organisation_administrator", 404)])
def test_outside_ones_sight_there_is_no_such_page(world, who, status):
    contract = world.contract(title="Hidden from them")
    make_contract(world.outsider_unit)
    answer = world.browser(who).get(contract.get_absolute_url())
    assert answer.status_code == status
    assert b"Hidden from them" not in answer.content


def test_an_accepted_return_is_only_seen(world):
    contract = world.contract()
    row = make_return(contract)
    accept_return(row=row, version=row.version, by=world.people["commissioner"])
    for who in ("commissioner", "contract_officer"):
        assert page_of(world, contract, who).return_action[0] == "See October return"


def test_before_its_start_the_strip_says_when_a_contract_starts(world):
    contract = world.contract(start=datetime.date(2015, 9, 1), initial_end=datetime.date(2020, 8, 31), options=[12])
    page = page_of(world, contract)
    assert {label: rest for label, *rest in page.strip}["Next decision"] == [
        "Starts 1 September 2015",
        "In 301 days",
    ]
    assert "Black line" not in text_of(world, contract)
    assert "Amber ticks" in text_of(world, contract)
    assert page.term.note == ""
    assert "Black line: today" in text_of(world, world.contract())


def test_history_opens_with_the_newest_acts_and_folds_the_rest(world):
    boss, contract = world.people["commissioner"], world.contract()
    for number in range(8):
        contract = change_contract(
            contract=contract, details={"title": f"Name {number}"}, parts=ContractParts(), version=contract.version,
            by=boss,
        )  # fmt: skip
    page = page_of(world, contract)
    assert page.newest_history[0].changes == ["Title: Name 6 to Name 7"]
    assert (len(page.newest_history), page.newest_history + page.earlier_history) == (6, page.history)
    text = text_of(world, contract)
    assert text.index("Name 0 to Name 1") > text.index("Earlier entries") > text.index("Name 6 to Name 7")


def test_one_day_to_decide_and_to_give_notice_is_said_once(world):
    world.contract(reference="CS/9", initial_end=datetime.date(2015, 3, 31), decision_lead_days=0)
    text = world.browser("commissioner").get("/contracts/CS-9/").content.decode()
    assert "57 days to decide what follows. 31 December 2014 is the last day to decide and to give notice." in text
    assert "Decide by 31 December 2014;" not in text


@pytest.mark.parametrize("who", ["contract_officer", "commissioner", "service_manager", "observer", "provider_contact"])
def test_a_contract_is_ones_own_as_its_returns_are(world, who):
    person = world.people[who]
    officer, absent = world.people["contract_officer"], world.people["clinical_lead"]
    held = [
        world.contract(title="Officer", officer=officer),
        world.contract(title="Manager", officer=None, service_manager=world.people["service_manager"]),
        world.contract(title="Deputy", officer=None),
        world.contract(title="Absent", officer=absent),
        world.contract(title="Nobody", officer=None),
    ]
    held[2].deputies.set([world.people["observer"], officer])
    StandIn.objects.create(
        absent=absent, stand_in=world.people["commissioner"], since=LONG_AGO, until=TODAY, given_by=absent
    )
    month = ReturnMonth(month=OCTOBER, today=TODAY)
    own = {contract.title for contract in Contract.objects.for_officer(person)}
    assert {contract.title for contract in held if viewed(person, contract.pk, month).is_own} == own
    assert (
        own
        == {
            "contract_officer": {"Officer", "Deputy"},
            "commissioner": {"Absent"},
            "service_manager": {"Manager"},
            "observer": {"Deputy"},
            "provider_contact": set(),
        }[who]
    )
