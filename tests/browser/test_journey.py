"""The main job end to end, in the demonstration: a register in, a return entered, the dashboard out, unseen by others.

Every test signs in as the demonstration's own people. What each leaves behind (five contracts that begin in
December, an accepted return, no restriction) changes none of the figures that another counts on.
"""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.core.management import call_command

from contracts.models import Contract
from reporting.demonstration.people import (
    COMMISSIONER,
    COUNCIL,
    NEIGHBOUR_COMMISSIONER,
    PASSWORD,
    SAM,
    WEST_CCG,
)
from tests.browser.pages import fill_sign_in, navigation, risk_counts, rows_of, send, tab_to, titles

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("demonstration journey")]

SECRETARY_OF_A_CCG = "Grace Dunmore"
COMMISSIONER_OF_A_CCG = "Dinah Marlow"
OBSERVER = "Mark Selby"
SHORT_BREAKS = "/contracts/CS-0093/"
RESTRICTED = "Residential short breaks, new model"


# A register in


def register_row(reference: str, title: str, **cells: Any) -> dict[str, Any]:
    """A row as somebody types it: real date cells, an amount as a number."""
    return {
        "Reference": reference,
        "Title": title,
        "Service area": "Disability",
        "Providers": "Marshland Families CIC",
        "Contract officer": "sam.fielding@lincolnshire.example",
        "Managed": "Centrally managed",
        "Annual value": 24000,
        "Whole-life value": 72000,
        "Partner funding": f"{COUNCIL}: 18000; 54000 | {WEST_CCG}: 6000; 18000",
        "Starts": datetime.date(2014, 12, 1),
        "Ends": datetime.date(2017, 11, 30),
        "Extension options (months)": "12",
        "Notice period (months)": 3,
    } | cells


FAULTY = {
    "CS/0303": {"Ends": "31/02/2015"},
    "CS/0304": {"Managed": "Centraly managed"},
    "CS/0305": {"Partner funding": f"{COUNCIL}: 18000; 54000 | {WEST_CCG}: 5000; 18000"},
}
NEW = {
    "CS/0301": "Night support line",
    "CS/0302": "Sensory rooms, Boston",
    "CS/0303": "Swimming for CWD",
    "CS/0304": "Toy library, Lincoln",
    "CS/0305": "Siblings’ days out",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return tmp_path / "contract-register-template.xlsx"


def fill_in(template: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    """The template with these rows on its first sheet, saved under another name as people do."""
    book = openpyxl.load_workbook(template)
    sheet = book["Register"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for heading, value in row.items():
            sheet.cell(number, places[heading], value)
    filled = template.with_name(name)
    book.save(filled)
    return filled


def upload(page: Any, file: Path) -> None:
    page.goto("/contracts/import/")
    page.locator("input[type=file]").set_input_files(file)
    send(page, "Check this file")


A_NEW_CONTRACT = (
    "A new contract Providers: Marshland Families CIC; Contract officer: sam.fielding@lincolnshire.example;"
    " Annual value: £24,000.00; Whole-life value: £72,000.00; Partner funding: Lincolnshire County Council:"
    " £18,000.00 a year, £54,000.00 whole life | Lincolnshire West CCG: £6,000.00 a year, £18,000.00 whole life;"
    " Extension options (months): 12 months"
)


def outcomes(page: Any) -> dict[str, str]:
    """Of each row of the preview, by the contract's reference: what changes, or what is wrong."""
    return {row[1].split()[0]: row[-1] for row in rows_of(page, "Rows of the file")}


def strip(page: Any) -> dict[str, int]:
    parts = page.locator(".jc-strip > div").all()
    return {part.locator("dt").inner_text(): int(part.locator("dd").inner_text().split()[0]) for part in parts}


def test_a_register_comes_in_with_its_faults_named(sign_in, template):
    page = sign_in(COMMISSIONER)
    page.get_by_role("link", name="Contracts", exact=True).first.click()
    page.get_by_role("button", name="Import a register").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the template").click()
    download.value.save_as(template)

    faulty = [register_row(reference, title, **FAULTY.get(reference, {})) for reference, title in NEW.items()]
    upload(page, fill_in(template, "register-november.xlsx", faulty))
    assert page.get_by_role("heading", level=1).inner_text() == "What this file would change"
    assert strip(page) == {"To create": 2, "To change": 0, "Unchanged": 0, "At fault": 3, "Doubtful providers": 0}
    assert page.get_by_role("heading", name="3 rows at fault").is_visible()
    assert page.get_by_role("button", name="Import 2 contracts").count() == 0, "all rows are imported, or none"
    assert outcomes(page) == {
        "CS/0301": A_NEW_CONTRACT,
        "CS/0302": A_NEW_CONTRACT,
        "CS/0303": "Row 4, Ends: 31/02/2015 is not a date.",
        "CS/0304": "Row 5, Managed: «Centraly managed» is not on the list. Did you mean «Centrally managed»?",
        "CS/0305": "Row 6, Partner funding: The partners' shares come to £23,000.00, "
        "£1,000.00 less than the annual value of £24,000.00.",
    }
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the faults").click()
    faults = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert [fault[:3] for fault in faults] == [
        ["Row", "Reference", "Column"],
        ["4", "CS/0303", "Ends"],
        ["5", "CS/0304", "Managed"],
        ["6", "CS/0305", "Partner funding"],
    ]
    assert not Contract.objects.filter(reference__in=NEW).exists()

    upload(page, fill_in(template, "register-mended.xlsx", [register_row(*names) for names in NEW.items()]))
    assert set(outcomes(page).values()) == {A_NEW_CONTRACT}
    assert rows_of(page, "Rows of the file")[2] == [
        "4",
        "CS/0303 Swimming for CWD",
        "1 December 2014",
        "30 November 2017",
        "To create",
        A_NEW_CONTRACT,
    ]
    assert not Contract.objects.filter(reference__in=NEW).exists(), "a preview writes nothing"
    send(page, "Import 5 contracts")
    assert page.get_by_role("heading", level=1).inner_text() == "5 contracts imported"

    page.goto("/contracts/?status=being_procured&q=CS/030&sort=name")
    assert sorted(titles(page)) == sorted(NEW.values())
    page.get_by_role("link", name="Night support line").click()
    about = page.get_by_role("main").inner_text()
    for words in (
        "CS/0301",
        "Marshland Families CIC",
        "£24k a year, £72k over 4 years",
        "Sam Fielding",
        "30 November 2017",
    ):
        assert words in about
    assert rows_of(page, "Contract funding by partner") == [
        [COUNCIL, "£18k", "75%", "£54k"],
        [WEST_CCG, "£6,000", "25%", "£18k"],
    ]


# A return entered, and the dashboard out


def figures(page: Any) -> dict[str, Any]:
    """What the dashboard counts: its queues by name, the coverage and the risk table."""
    page.goto("/")
    queues = [heading.inner_text().split(maxsplit=1) for heading in page.locator(".jc-queue h2").all()]
    counted = {words: int(count) for count, words in queues}
    risk = page.locator("section", has=page.get_by_role("heading", name="Risk, all"))
    return counted | risk_counts(page) | {"covered": risk.locator("p").first.inner_text().split(" returned")[0]}


def return_by_keyboard(page: Any, *, contract: str, risk: str, jet: str, words: str, kpi: str = "") -> None:
    """From the worklist to the submitted return without a mouse."""
    page.goto("/returns/2014-10/")
    tab_to(page, f'a[href*="/returns/2014-10/{contract}/"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "input[name=risk]")
    page.keyboard.press(risk)
    if kpi:  # the one that is still to come
        tab_to(page, f"#{page.get_by_label('Staff vacancy rate', exact=True).get_attribute('id')}")
        page.keyboard.type(kpi)
    tab_to(page, "input[name=jet]")
    page.keyboard.press(jet)
    tab_to(page, "#id_narrative")
    page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def test_a_return_moves_the_dashboard_until_it_is_accepted(sign_in):
    commissioner, officer = sign_in(COMMISSIONER), sign_in(SAM)
    before = figures(commissioner)
    assert before == {
        "returns to come": 47,
        "red contracts": 9,
        "returns to review": 181,
        "to decide soon": 26,
        "Red": 9,
        "Amber": 43,
        "Green": 173,
        "No current view": 3,
        "covered": "181 of 228",
    }
    officer.goto("/returns/2014-10/")
    assert officer.get_by_role("heading", level=1).inner_text() == "7 of 12 returned for October 2014"
    return_by_keyboard(officer, contract="CS-0093", risk="r", jet="5", words="The new house is not open.", kpi="13")
    # The last button opens the next return, so that a month goes through without the mouse.
    officer.goto("/returns/2014-10/")
    assert officer.get_by_role("heading", level=1).inner_text() == "8 of 12 returned for October 2014"

    moved = {"returns to come": 46, "returns to review": 182, "red contracts": 10, "Red": 10, "Amber": 42}
    assert figures(commissioner) == before | moved | {"covered": "182 of 228"}
    review = commissioner.locator(".jc-queue", has_text="returns to review")
    review.get_by_role("link", name="Short breaks for CWD").click()
    assert "The new house is not open." in commissioner.get_by_role("main").inner_text()
    send(commissioner, "Accept")
    assert figures(commissioner) == before | moved | {"returns to review": 181, "covered": "182 of 228"}
    officer.goto("/returns/2014-10/")
    row = officer.locator("tr", has_text="Short breaks for CWD")
    assert "Accepted" in row.inner_text()
    officer.goto(SHORT_BREAKS)
    history = " ".join(officer.get_by_role("main").inner_text().split())
    assert "Return accepted by Jo Marsh" in history
    assert "October 2014: red, JET 5. “The new house is not open.”" in history


# Outside one's sight


def register_export(page: Any, query: str = "") -> list[list[str]]:
    answer = page.request.get(f"/contracts/export.csv{query}")
    assert answer.status == 200
    return list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))


def exported_titles(page: Any, query: str = "") -> list[str]:
    head, *rows = register_export(page, query)
    return sorted(row[head.index("Title")] for row in rows)


FENMARCH = sorted(f"{title}, Fenmarch" for title in (
    "Family centres", "Foster carer training", "Leaving care advisers", "School counselling", "Short breaks",
))  # fmt: skip


def test_the_neighbouring_council_sees_nothing_of_it(sign_in):
    page = sign_in(NEIGHBOUR_COMMISSIONER)
    for address in (
        SHORT_BREAKS,
        f"{SHORT_BREAKS}change/",
        "/returns/2014-10/CS-0093/",
        "/units/lincolnshire-childrens/partners/",
    ):
        assert page.request.get(address).status == 404, address
    counts = figures(page)
    assert sum(counts[name] for name in ("Red", "Amber", "Green", "No current view")) == 5
    assert counts["covered"].endswith("of 5")
    page.goto("/contracts/")
    assert sorted(titles(page)) == FENMARCH
    page.locator("#q").fill("short breaks")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search/?q=**")
    assert titles(page) == ["Short breaks, Fenmarch"]
    page.goto("/contracts/?q=Fenside")
    assert titles(page) == []
    assert exported_titles(page) == FENMARCH
    assert exported_titles(page, "?q=CWD") == []
    # The reference of one of theirs is also one of Lincolnshire's.
    page.goto("/contracts/CS-0147/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("School counselling, Fenmarch")
    assert COUNCIL not in page.content()


def sees(page: Any, title: str, address: str, *, filtered: str) -> dict[str, bool]:
    """Where this person meets the contract; ``filtered`` is the part of the register it is in, on one page."""
    found = {"page": page.request.get(address).status == 200}
    page.goto(f"/contracts/?{filtered}")
    assert titles(page), "an empty list would show nothing of anybody's sight"
    found["register"] = title in titles(page)
    page.goto(f"/contracts/?status=current&status=being_procured&q={title}")
    found["search"] = title in titles(page)
    page.goto("/")
    found["dashboard"] = title in page.content()
    return found


PROCURED = "status=being_procured"
NOWHERE = {"page": False, "register": False, "search": False, "dashboard": False}


def counted_as_procured(page: Any) -> str:
    page.goto(f"/contracts/?{PROCURED}&q=new model")
    return page.locator("h1 + p b").inner_text()


def test_a_restricted_contract_does_not_exist_for_a_partner_not_named(sign_in):
    address = Contract.objects.get(title=RESTRICTED).get_absolute_url()
    named, not_named, observer = sign_in(COMMISSIONER_OF_A_CCG), sign_in(SECRETARY_OF_A_CCG), sign_in(OBSERVER)
    assert sees(named, RESTRICTED, address, filtered=PROCURED) == {
        "page": True,
        "register": True,
        "search": True,
        "dashboard": False,
    }
    assert sees(not_named, RESTRICTED, address, filtered=PROCURED) == NOWHERE
    assert sees(observer, RESTRICTED, address, filtered=PROCURED) == NOWHERE
    assert [counted_as_procured(page) for page in (named, not_named, observer)] == [
        "1 contract",
        "0 contracts",
        "0 contracts",
    ]
    assert RESTRICTED in exported_titles(named, f"?{PROCURED}")
    exported = exported_titles(not_named, f"?{PROCURED}")
    assert "Youth Housing, from 2015" in exported
    assert RESTRICTED not in exported
    assert observer.request.get("/contracts/export.csv").status == 403


def test_restricting_a_red_contract_takes_it_from_the_dashboard_of_those_not_named(sign_in):
    title, address = "Solutions 4", Contract.objects.get(title="Solutions 4").get_absolute_url()
    page, not_named = sign_in(COMMISSIONER), sign_in(SECRETARY_OF_A_CCG)
    before = figures(not_named)
    assert sees(not_named, title, address, filtered="risk=red") == dict.fromkeys(NOWHERE, True)
    page.goto(f"{address}restrict/")
    page.get_by_label("Why it is commercially sensitive").fill("Bids are open.")
    page.get_by_label("Review on").fill("31 March 2015")
    send(page, "Restrict this contract")
    try:
        assert sees(not_named, title, address, filtered="risk=red") == NOWHERE
        after = figures(not_named)
        assert (after["Red"], after["red contracts"]) == (before["Red"] - 1, before["red contracts"] - 1)
        assert before["covered"].endswith(" of 228")
        assert after["covered"].endswith(" of 227")
        assert title not in exported_titles(not_named)
        assert sees(page, title, address, filtered="risk=red") == dict.fromkeys(NOWHERE, True)
    finally:
        page.goto(f"{address}lift/")
        page.get_by_label("Why it need not be restricted any longer").fill("The contract is let.")
        page.get_by_role("main").locator("button[type=submit]").click()
        page.wait_for_load_state()
    assert sees(not_named, title, address, filtered="risk=red") == dict.fromkeys(NOWHERE, True)


# Every sign-in of the demonstration

EVERYWHERE = ["Dashboard", "Contracts", "Monthly returns", "Partners"]
READING = ["Dashboard", "Contracts", "Partners"]
#: E-mail: (navigation, heading of the first page, contracts it counts, what else it may do).
SIGN_INS = {
    "jo.marsh@lincolnshire.example": (EVERYWHERE, 228, {"Export", "Import", "Add"}),
    "sam.fielding@lincolnshire.example": (EVERYWHERE, 228, {"Export"}),
    "kemi.obi@lincolnshire.example": (EVERYWHERE, 228, {"Export"}),
    "grace.dunmore@southwestlincolnshireccg.example": (READING, 228, {"Export"}),
    "helen.garland@lincolnshire.example": (EVERYWHERE, 228, {"Export"}),
    "priya.raman@lincolnshire.example": (READING, 228, {"Export"}),
    "alan.whitby@lincolnshireeastccg.example": (READING, 228, set()),
    "nadia.cole@lincolnshire.example": ([*READING, "Audit log"], 228, {"Export"}),
    "leah.marsden@marshlandfamilies.example": (["Dashboard", "Contracts"], 2, set()),
    "ivy.thorpe@lincolnshire.example": (["People"], None, set()),
    "dinah.marlow@lincolnshirewestccg.example": (EVERYWHERE, 228, {"Export", "Import", "Add"}),
    "mark.selby@areateam.example": (READING, 228, set()),
    "owen.hale@fenmarch.example": (EVERYWHERE, 5, {"Export", "Import", "Add"}),
    "ruth.ames@peterborough.example": (EVERYWHERE, 1, {"Export", "Import", "Add"}),
}


@pytest.fixture(scope="module")
def sign_ins(demonstration: str) -> dict[str, str]:
    """What the command prints: role, e-mail and password, two spaces apart."""
    said = io.StringIO()
    call_command("demo_sign_ins", stdout=said)
    lines = [line.split("  ") for line in said.getvalue().splitlines()]
    assert {password for _, _, password in lines} == {PASSWORD}
    return {email: role for role, email, _ in lines}


def test_every_sign_in_printed_is_tried(sign_ins):
    assert set(sign_ins) == set(SIGN_INS)


@pytest.mark.parametrize("email", SIGN_INS)
def test_a_sign_in_of_the_demonstration_opens_what_its_role_should(open_browser, sign_ins, email):
    places, contracts, acts = SIGN_INS[email]
    page = open_browser()
    cache.clear()  # the limit on attempts from one machine
    fill_sign_in(page, email)
    assert navigation(page) == places
    assert sign_ins[email].split(" of ")[0] in page.locator(".jc-header__who").inner_text()
    for place in places:
        page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()
        page.wait_for_load_state()
        assert page.get_by_role("heading", level=1).inner_text() not in ("You may not do this", "Page not found"), place
    if contracts is None:
        assert page.request.get("/contracts/").status == 403
        return
    page.goto("/contracts/")
    assert page.locator("h1 + p b").inner_text() == f"{contracts} contract{'' if contracts == 1 else 's'}"
    buttons = {text.split()[0] for text in page.locator(".jc-head .jc-acts .govuk-button").all_inner_texts() if text}
    assert buttons & {"Export", "Import", "Add"} == acts
