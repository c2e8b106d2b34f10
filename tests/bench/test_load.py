import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.filled_forms import form_with, refusals
from bench.load import Load, Outcome, as_text, lost_of, p95, rows_of
from bench.load_visitors import Asked, AtWork, Said, _fault, filled
from bench.sign_in import Answer
from bench.sizes import SMOKE
from tests.plugins.database import migrated_template

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND = (Said(7, "red", 3, f"Said under load of contract 7, number {n}") for n in (0, 1))
FORM = """<form><input name="q" value="x"></form>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t">
<input type="hidden" name="version" value="2">
<input type="radio" name="risk" value="red"><input type="radio" name="risk" value="green" checked>
<input name="kpi_4"><input name="kpi_4_whole">
<select name="kpi_4_plan"><option value="">Choose<option value="none">No</select>
<input name="kpi_5" value="12"><input type="checkbox" name="kpi_5_none">
<textarea name="narrative">&lt;Before&gt;
</textarea><input type="submit" name="copy" value="Copy"><button name="do" value="submit">Submit</button></form>"""


@pytest.mark.parametrize(
    ("versions", "last", "lost"),
    [
        ({FIRST, SECOND}, {7: SECOND}, []),
        ({SECOND}, {7: SECOND}, [FIRST]),
        ({FIRST, SECOND}, {7: FIRST}, [SECOND]),
        ({FIRST, SECOND}, {}, [SECOND]),
        ({FIRST, Said(7, "red", 4, SECOND.narrative)}, {7: SECOND}, [SECOND]),
    ],
)
def test_a_return_is_lost_that_no_version_holds_word_for_word_or_that_the_last_one_does_not_say(versions, last, lost):
    assert lost_of([FIRST, SECOND], versions=versions, last=last) == lost


def test_a_form_is_sent_with_what_it_was_opened_with_and_what_the_officer_states():
    fields = form_with("narrative", FORM)
    assert fields == {
        "csrfmiddlewaretoken": "t", "version": "2", "risk": "green", "kpi_4": "", "kpi_4_whole": "", "kpi_4_plan": "",
        "kpi_5": "12", "narrative": "<Before>\n",
    }  # fmt: skip
    assert filled(fields, FIRST) == {
        "csrfmiddlewaretoken": "t", "version": "2", "risk": "red", "jet": "3", "narrative": FIRST.narrative,
        "not_assessed_reason": "", "kpi_reason": "Heard from the provider", "kpi_4": "90", "kpi_4_whole": "100",
        "kpi_4_plan": "in_place", "kpi_5": "12",
    }  # fmt: skip
    with pytest.raises(LookupError, match="no form with the field risk_reason"):
        form_with("risk_reason", FORM)


def test_what_a_page_refuses_is_read_from_its_summary():
    page = (
        '<ul class="govuk-list govuk-error-summary__list"><li><a href="#x">Choose red.</a></li><li>And JET.</li></ul>'
    )
    assert (refusals(page), refusals("<p>All is well</p>")) == ("Choose red. And JET.", "")


@pytest.mark.parametrize(
    ("answer", "is_form", "fault"),
    [
        (Answer(200, b"<html></html>\n", ""), False, ""),
        (Answer(200, b"<html><p>Half", ""), False, "half a page"),
        (Answer(302, b"", "/accounts/login/?next=/"), False, "302 /accounts/login/?next=/"),
        (Answer(500, b"<html></html>", ""), False, "500"),
        (Answer(302, b"", "/returns/2026-09/"), True, ""),
        (Answer(302, b"", "/accounts/login/?next=/"), True, "signed out"),
        (Answer(409, b"<html></html>", ""), True, "409"),
        (Answer(200, b'__list">', ""), True, "refused: "),
    ],
)
def test_whatever_is_not_the_page_or_a_form_that_was_taken_is_a_fault(answer, is_form, fault):
    assert _fault(answer, is_form=is_form) == fault


def test_no_answer_at_all_is_a_fault_too():
    class Gone:
        def get(self, address):
            raise ConnectionResetError

        def close(self):
            pass

    at_work = AtWork(person=None, visitor=Gone())
    assert at_work._open("Register", "/contracts/") is None
    assert [one.fault for one in at_work.asked] == ["/contracts/: ConnectionResetError()"]


def test_the_rows_count_faults_and_losses_against_none():
    outcome = Outcome(
        load=Load(people=2, seconds=3), size=SMOKE, seconds=4,
        asked=[Asked("Register", 0.1), Asked("Register", 0.3), Asked("Search", 0.2, "/search/: 500")],
        submitted=[FIRST, SECOND], lost=[SECOND], unheard=[],
    )  # fmt: skip
    found = {row.what.partition(": ")[2]: (row.figure, row.is_met) for row in rows_of(outcome)}
    assert found == {
        "requests": (3, None),
        "returns submitted": (2, None),
        "errors": (1, False),
        "returns lost": (1, False),
        "returns kept but not confirmed": (0, True),
        "median of a page": (200, None),
        "95th percentile of a page": (290, None),
    }
    assert as_text(outcome).splitlines()[2:] == [
        "Register                                2      200      290      300",
        "3 requests in 4 s, 0.8 a second; 1 errors.",
        "2 returns submitted; 1 lost, 0 kept that were not confirmed.",
        "  1 x /search/: 500",
    ]
    assert p95([5.0]) == 5.0


@pytest.mark.xdist_group("bench")
def test_a_few_people_read_and_return_at_once_without_an_error_and_without_losing_a_return(django_db_setup):
    """In processes of its own, against gunicorn; what was submitted is counted again in the database."""
    command = [sys.executable, "-m", "bench.load", "--size=smoke", "--users=6", "--seconds=5"]
    run = subprocess.run(
        [*command, f"--migrated={migrated_template()}"], cwd=ROOT, env=os.environ, text=True, capture_output=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    requests, returns = run.stdout.splitlines()[-2:]
    assert requests.endswith("; 0 errors.")
    assert returns.endswith(" returns submitted; 0 lost, 0 kept that were not confirmed.")
    assert not returns.startswith("0 ")
