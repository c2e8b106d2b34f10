"""The pages of an import: upload, preview, answers, confirmation; and who may open them."""

import datetime
import hashlib
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import load_workbook

from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit
from commissioning.services.partners import join_unit
from contracts import tasks
from contracts.models import Contract, ImportState, RegisterImport
from contracts.register_files.reading import read_table
from contracts.resources.columns import COLUMNS
from tests.contracts.imports.files import csv_file, received
from tests.world import LONG_AGO, make_return


def upload(browser, unit, content, name="register.csv"):
    return browser.post(
        reverse("register_import"), {"unit": unit.pk, "file": SimpleUploadedFile(name, content)}, follow=True
    )


def text_of(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


def test_a_file_is_uploaded_previewed_and_imported(world):
    browser = world.browser("commissioner")
    page = upload(browser, world.unit, csv_file("Reference,Title,Starts", "A1,Short breaks,01/04/2013"))
    assert "What this file would change" in text_of(page)
    assert "1 April 2013" in text_of(page)
    assert not Contract.objects.exists()
    (shown,) = RegisterImport.objects.all()
    done = browser.post(reverse("register_import_confirm", args=[shown.pk]), follow=True)
    assert "1 contract imported" in text_of(done)
    assert Contract.objects.get().title == "Short breaks"


def test_rows_at_fault_are_named_and_cannot_be_confirmed(world):
    browser = world.browser("commissioner")
    page = upload(browser, world.unit, csv_file("Reference,Title,Ends", "A1,x,31/02/2015", "A2,y,"))
    assert "Row 2, Ends: 31/02/2015 is not a date." in text_of(page)
    (shown,) = RegisterImport.objects.all()
    assert reverse("register_import_confirm", args=[shown.pk]) not in text_of(page)
    refused = browser.post(reverse("register_import_confirm", args=[shown.pk]), follow=True)
    assert "all rows are imported or none" in text_of(refused)
    assert not Contract.objects.exists()
    faults = browser.get(reverse("register_import_faults", args=[shown.pk]))
    assert faults.getvalue().decode("utf-8-sig").splitlines() == [
        "Row,Reference,Column,What is wrong",
        "2,A1,Ends,31/02/2015 is not a date.",
    ]


def test_headings_at_fault_come_back_with_the_form(world):
    page = upload(world.browser("commissioner"), world.unit, csv_file("Reference,Titel", "A1,x"))
    assert "The column «Titel» is not known. Did you mean «Title»?" in text_of(page)
    assert "The column «Title» is missing." in text_of(page)
    assert not RegisterImport.objects.exists()


def test_an_unreadable_file_comes_back_with_a_sentence(world):
    page = upload(world.browser("commissioner"), world.unit, b"%PDF-1.4 \x00", name="register.xlsx")
    assert "This is neither .xlsx nor .csv." in text_of(page)


def test_rows_are_filtered_by_what_they_would_do(world):
    world.contract(reference="B1", title="Same")
    browser = world.browser("commissioner")
    page = upload(browser, world.unit, csv_file("Reference,Title", "A1,x", "B1,Same", "C1,"))
    assert [words for words, _, _ in page.context["preview"].filters] == [
        "All rows (3)",
        "At fault (1)",
        "To create (1)",
        "Unchanged (1)",
    ]
    (shown,) = RegisterImport.objects.all()
    for outcome, reference in (("fault", "C1"), ("create", "A1"), ("same", "B1")):
        rows = (
            browser.get(f"{reverse('register_import_show', args=[shown.pk])}?outcome={outcome}").context["preview"].page
        )
        assert [row.reference for row in rows] == [reference]


def test_doubtful_providers_are_answered_on_the_page(world):
    browser = world.browser("commissioner")
    page = upload(browser, world.unit, csv_file("Reference,Title,Providers", "A1,x,Willow Homes plc"))
    assert "Who is “Willow Homes plc”?" in text_of(page)
    (shown,) = RegisterImport.objects.all()
    question = shown.provider_questions.get()
    address = reverse("register_import_providers", args=[shown.pk])
    assert "Answer for at least one provider." in text_of(browser.post(address, {}))
    assert browser.post(address, {f"provider_{question.pk}": "999999"}).context["form"].errors
    page = browser.post(address, {f"provider_{question.pk}": str(world.provider.pk)}, follow=True)
    assert "Import 1 contract" in text_of(page)


def many_doubtful(world, count):
    """So many new providers, each close to one that stands on a row before it."""
    words = [hashlib.sha256(bytes([number])).hexdigest()[:12] for number in range(count)]
    names = [word.translate(str.maketrans("0123456789", "ghijklmnop")).capitalize() for word in words]
    lines = [f"{form[0]}{row},x,{name} {form}" for form in ("Ltd", "plc") for row, name in enumerate(names)]
    return received(world, csv_file("Reference,Title,Providers", *lines))


def test_names_that_differ_in_their_number_raise_no_question(world):
    lines = [f"A{number},x,Provider {number:04} Care Ltd" for number in range(60)]
    shown = received(world, csv_file("Reference,Title,Providers", *lines))
    assert shown.provider_questions.count() == 0
    assert len(shown.new_providers) == 60


def test_all_doubtful_providers_that_are_left_are_new_ones_at_once(world):
    shown = many_doubtful(world, 60)
    browser = world.browser("commissioner")
    address = reverse("register_import_show", args=[shown.pk])
    page = browser.get(address)
    assert "1 to 50 of 60 open." in text_of(page)
    first = shown.provider_questions.first()
    known = first.candidates[0][0]
    page = browser.post(
        reverse("register_import_providers", args=[shown.pk]),
        {f"provider_{first.pk}": known, "rest_are_new": "new"},
        follow=True,
    )
    assert "Import 120 contracts" in text_of(page)
    assert sorted(shown.provider_questions.values_list("answer", flat=True)) == sorted([known] + ["new"] * 59)
    shown.refresh_from_db()
    assert len(shown.new_providers) == 119


def test_the_next_page_of_questions_keeps_the_answers_of_this_one(world):
    shown = many_doubtful(world, 60)
    browser = world.browser("commissioner")
    address = reverse("register_import_providers", args=[shown.pk])
    questions = list(shown.provider_questions.all())
    page = browser.post(address, {f"provider_{questions[0].pk}": "new", "next": "next"}, follow=True)
    assert "50 to 59 of 59 open." in text_of(page)
    assert [question.pk for question in page.context["form"].here] == [question.pk for question in questions[50:]]
    assert "Save answers and show the next" not in text_of(page)
    shown.refresh_from_db()
    assert (shown.state, shown.provider_questions.exclude(answer="").get()) == (ImportState.CHECKED, questions[0])
    after = {"after": page.context["form"].initial["after"]}
    assert "50 to 59 of 59 open." in text_of(browser.post(address, after))
    page = browser.post(address, after | {f"provider_{question.pk}": "new" for question in questions[50:]}, follow=True)
    assert len(page.context["form"].asked) == 49
    page = browser.post(address, {"rest_are_new": "new"}, follow=True)
    assert "Import 120 contracts" in text_of(page)


def test_going_on_with_the_last_answer_checks_the_file(world):
    """Else an answer saved from a page long open could be confirmed with rows that do not know it."""
    shown = received(world, csv_file("Reference,Title,Providers", "A1,x,Willow Homes plc"))
    question = shown.provider_questions.get()
    given = {f"provider_{question.pk}": str(world.provider.pk), "next": "next"}
    world.browser("commissioner").post(reverse("register_import_providers", args=[shown.pk]), given)
    assert shown.rows.get().values["providers"] == [world.provider.pk]


def test_a_number_changed_by_hand_in_the_address_shows_the_first_questions(world):
    shown = many_doubtful(world, 2)
    address = reverse("register_import_show", args=[shown.pk])
    for after in ("x", "9" * 40, "-1", "²"):
        assert len(world.browser("commissioner").get(address, {"after": after}).context["form"].here) == 2


def test_a_new_contract_is_told_with_its_value_provider_officer_shares_and_options(world):
    officer, council = world.people["contract_officer"].email, world.council.name
    page = upload(
        world.browser("commissioner"),
        world.unit,
        csv_file(
            "Reference,Title,Providers,Contract officer,Annual value,Whole-life value,Partner funding,Starts,Ends,"
            "Extension options (months),Extensions exercised",
            f"A1,x,Zyx Ltd,{officer},100,300,{council}: 100; 300,01/04/2013,31/03/2016,12 | 6,15/12/2015",
            "A2,y,,,,,,,,,",
        ),
    )
    assert (
        f"Providers: Zyx Ltd; Contract officer: {officer}; Annual value: £100.00; Whole-life value: £300.00; "
        f"Partner funding: {council}: £100.00 a year, £300.00 whole life; Extension options (months): "
        "12 months | 6 months; Extensions exercised: 15 December 2015"
    ) in text_of(page)
    assert '1 April 2013</span></td><td data-label="Ends"><span>31 March 2016' in text_of(page)
    told, bare = page.context["preview"].page
    assert (len(told.changes), bare.changes) == (7, [])


def test_a_date_that_was_read_is_shown_though_it_is_at_fault(world):
    page = upload(
        world.browser("commissioner"),
        world.unit,
        csv_file("Reference,Title,Starts,Ends", "A1,x,01/04/2015,31/03/2015", "A2,y,x,", "A3,,,"),
    )
    text = text_of(page)
    cells = [part.split("</span>")[0] for part in text.split('data-label="Starts"><span>')[1:]]
    ends = [part.split("</span>")[0] for part in text.split('data-label="Ends"><span>')[1:]]
    assert cells == ["1 April 2015", "Not read", "Not known"]
    assert ends == ["31 March 2015", "Not known", "Not known"]
    assert "Row 2, Ends: A contract cannot end before it starts." in text


def test_a_large_file_is_a_job_with_progress(world, django_capture_on_commit_callbacks, monkeypatch):
    started = []
    monkeypatch.setattr(tasks.check_register_import, "apply_async", lambda args, kwargs=None, **_: started.append(args))
    browser = world.browser("commissioner")
    lines = [f"A{number},x" for number in range(501)]
    with django_capture_on_commit_callbacks(execute=True):
        page = upload(browser, world.unit, csv_file("Reference,Title", *lines))
    (shown,) = RegisterImport.objects.all()
    assert started == [(shown.pk,)]
    assert "501 rows waiting to be checked." in text_of(page)
    address = reverse("register_import_show", args=[shown.pk])
    RegisterImport.objects.update(state=ImportState.CHECKING, rows_done=250)
    part = text_of(browser.get(address, headers={"HX-Request": "true"}))
    assert "250 of 501 rows checked." in part
    assert "<html" not in part
    tasks.check_register_import(shown.pk)
    assert browser.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Import 501 contracts" in text_of(browser.get(address))


def test_a_fault_of_ours_is_said_and_can_be_tried_again(world, monkeypatch):
    shown = received(world, csv_file("Reference,Title", "A1,x"))
    RegisterImport.objects.update(state=ImportState.RECEIVED)
    shown.file.storage.delete(shown.file.name)
    with pytest.raises(FileNotFoundError):
        tasks.check_register_import(shown.pk)
    page = world.browser("commissioner").get(reverse("register_import_show", args=[shown.pk]))
    assert "The import stopped" in text_of(page)
    assert reverse("register_import_check", args=[shown.pk]) in text_of(page)


@pytest.mark.parametrize("who", ["contract_officer", "finance", "auditor", "observer", "provider_contact"])
def test_who_may_not_edit_may_not_import(world, who):
    shown = received(world, csv_file("Reference,Title", "A1,x"))
    browser = world.browser(who)
    for name in ("register_import", "register_import_template"):
        assert browser.get(reverse(name)).status_code == 403
    for name in ("register_import_show", "register_import_faults"):
        assert browser.get(reverse(name, args=[shown.pk])).status_code == 404
    for name in ("register_import_confirm", "register_import_check", "register_import_providers"):
        assert browser.post(reverse(name, args=[shown.pk])).status_code == 404
    assert not Contract.objects.exists()


@pytest.mark.parametrize("who", ["ccg_commissioner", "outsider"])
def test_an_import_is_only_its_owners(world, who):
    shown = received(world, csv_file("Reference,Title", "A1,x"))
    assert world.browser(who).get(reverse("register_import_show", args=[shown.pk])).status_code == 404
    assert world.browser(who).post(reverse("register_import_confirm", args=[shown.pk])).status_code == 404


def test_a_unit_out_of_sight_cannot_be_chosen(world):
    page = upload(world.browser("outsider"), world.unit, csv_file("Reference,Title", "A1,x"))
    assert page.context["form"].errors["unit"]
    assert not RegisterImport.objects.exists()


def test_an_import_leads_to_all_that_it_brought_whatever_their_status(world):
    lines = ["A1,Over,1/4/2010,31/3/2012", "A2,Runs,1/4/2013,31/3/2016", "A3,Later,1/9/2015,31/8/2018"]
    shown = received(world, csv_file("Reference,Title,Starts,Ends", *lines))
    browser = world.browser("commissioner")
    done = text_of(browser.post(reverse("register_import_confirm", args=[shown.pk]), follow=True))
    address = re.search(r'href="([^"]+)"[^>]*>\s*Go to the contracts', done).group(1).replace("&amp;", "&")
    register = text_of(browser.get(address))
    for title in ("Over", "Runs", "Later"):
        assert f">{title}</a>" in register
    assert "is not known" not in register


def test_who_has_several_units_chooses_one(world):
    join_unit(
        unit=CommissioningUnit.objects.get(pk=world.outsider_unit.pk),
        organisation=world.council,
        level=PartnerLevel.FULL,
        joined_on=LONG_AGO,
        by=None,
    )
    page = text_of(world.browser("commissioner").get(reverse("register_import")))
    assert "Choose a unit" in page
    assert world.outsider_unit.name in page


def test_the_template_explains_every_column_and_reads_as_a_register(world):
    response = world.browser("commissioner").get(reverse("register_import_template"))

    book = load_workbook(io.BytesIO(response.getvalue()))
    assert book.sheet_names == ["Register", "Guidance", "Lists"]
    assert book.get_sheet_by_name("Register").to_python() == [[column.header for column in COLUMNS]]
    explained = [row[0] for row in book.get_sheet_by_name("Guidance").to_python()]
    assert explained[-len(COLUMNS) :] == [column.header for column in COLUMNS]
    assert "Disability" in [cell for row in book.get_sheet_by_name("Lists").to_python() for cell in row]


@pytest.mark.parametrize("number", [1, 30])
def test_the_preview_makes_the_same_queries_for_one_row_and_for_thirty(world, django_assert_num_queries, number):
    shown = received(world, csv_file("Reference,Title", *(f"A{row},x" for row in range(number))))
    browser = world.browser("commissioner")
    with django_assert_num_queries(10):
        browser.get(reverse("register_import_show", args=[shown.pk]))


def test_a_file_that_was_not_chosen_is_asked_for_by_its_name(world):
    page = world.browser("commissioner").post(reverse("register_import"), {"unit": world.unit.pk})
    assert page.context["form"]["file"].messages == ["Choose a register file."]


class TestExport:
    @pytest.mark.parametrize("fmt", ["csv", "xlsx"])
    def test_the_filtered_register_comes_as_a_file_that_imports_unchanged(self, world, fmt):
        world.contract(reference="A1", title="Short breaks")
        world.contract(reference="A2", title="Other")
        response = world.browser("commissioner").get(reverse("register_export", args=[fmt]), {"q": "breaks"})
        content = response.getvalue()
        assert response["Content-Disposition"] == f'attachment; filename="contracts-mercia-children-2014-11-04.{fmt}"'
        table = read_table(content)
        assert [row.cells[0] for row in table.rows] == ["A1"]
        assert table.headings[-3:] == [
            "Risk, October 2014 (not imported)",
            "JET, October 2014 (not imported)",
            "Risk and JET as returned for (not imported)",
        ]
        assert received(world, content, name=f"r.{fmt}").unchanged == 1

    def test_a_rating_that_still_stands_from_last_month_says_so(self, world):
        returned, held, _ = (world.contract(reference=reference) for reference in ("A1", "A2", "A3"))
        make_return(returned, risk="red", jet=3)
        make_return(held, datetime.date(2014, 9, 1), risk="amber", jet=5)
        response = world.browser("finance").get(reverse("register_export", args=["csv"]), {"sort": "reference"})
        said = {row.cells[0]: row.cells[-3:] for row in read_table(response.getvalue()).rows}
        assert said == {
            "A1": ["Red", "3", "October 2014"],
            "A2": ["Amber", "5", "September 2014"],
            "A3": ["No current view", "", ""],
        }

    def test_only_what_the_person_may_export_leaves(self, world):
        hidden = world.contract(reference="HIDDEN", title="Hidden")
        hidden.is_restricted = True
        hidden.save(update_fields=["is_restricted"])
        world.contract(reference="A1")
        response = world.browser("finance").get(reverse("register_export", args=["csv"]))
        assert "A1" in (content := response.getvalue().decode("utf-8-sig"))
        assert "HIDDEN" not in content

    def test_who_may_not_export_may_not(self, world):
        for who in ("clinical_lead", "observer", "provider_contact"):
            assert world.browser(who).get(reverse("register_export", args=["csv"])).status_code == 403

    def test_other_formats_are_not_found(self, world):
        assert world.browser("finance").get(reverse("register_export", args=["pdf"])).status_code == 404
