"""Documents of contracts and service reviews: added, handed out to who may read them, removed."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.permissions import Role
from contracts.models import Document
from contracts.rules.documents import MOST_BYTES
from contracts.services.documents import add_document, remove_document
from contracts.services.restriction import restrict_contract
from tests.permissions.addresses import text_of
from tests.review_world import make_review
from tests.world import client_for, make_person

PDF = b"%PDF-1.7\nA specification"


@pytest.fixture
def contract(world):
    return world.contract(reference="CS/0147", title="Respite")


def add(of, world, *, by="commissioner", **changed):
    details = {"title": "Specification", "name": "spec.pdf", "content": PDF} | changed
    return add_document(of=of, by=world.people[by], **details)


def upload(world, address, name="spec.pdf", content=PDF, who="contract_officer", **typed):
    typed = {"title": "Specification", "file": SimpleUploadedFile(name, content)} | typed
    return world.browser(who).post(address, typed)


def status(world, who, document):
    answer = world.browser(who).get(f"/documents/{document.pk}/")
    text_of(answer)
    return answer.status_code


def test_its_officer_adds_a_file_which_is_handed_out_to_be_saved(world, contract, settings):
    answer = upload(world, "/contracts/CS-0147/documents/new/", name="Our spec.pdf")
    assert answer.headers["Location"] == f"{contract.url_in_unit}#documents"
    document = Document.objects.get()
    assert "spec" not in document.file.name
    sent = world.browser("finance").get(f"/documents/{document.pk}/")
    assert text_of(sent) == PDF.decode()
    assert sent.headers["Content-Disposition"] == 'attachment; filename="Our spec.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("spec.exe", b"MZ", "This kind of file is not kept."),
        ("spec.pdf", b"<html>", "what it holds is something else"),
        ("spec.txt", b"a" * (MOST_BYTES + 1), "The file is larger than 20MB."),
        ("spec.txt", b"", "The file is empty."),
    ],
    ids=["type", "content", "size", "empty"],
)
def test_a_file_that_is_not_kept_is_said_why_and_the_title_stays(world, contract, name, content, sentence):
    page = upload(world, "/contracts/CS-0147/documents/new/", name=name, content=content, title="Kept title")
    text = page.content.decode()
    assert (page.status_code, Document.objects.count()) == (200, 0)
    assert sentence in text
    assert "Kept title" in text


def test_a_provider_reads_only_what_is_shared_with_it(world, contract):
    kept, shared = add(contract, world), add(contract, world, title="Plan", is_shared_with_provider=True)
    assert [status(world, "provider_contact", document) for document in (kept, shared)] == [404, 200]
    page = world.browser("provider_contact").get(contract.url_in_unit).content.decode()
    assert ("Specification" in page, "Plan (PDF" in page) == (False, True)


def test_nobody_outside_reads_a_document(world, contract):
    document = add(contract, world, is_shared_with_provider=True)
    assert [status(world, who, document) for who in ("outsider", "leaver", "organisation_administrator")] == [404] * 3
    assert [status(world, who, document) for who in ("observer", "ccg_commissioner", "auditor")] == [200] * 3


def test_another_provider_s_contact_reads_nothing(world, contract):
    document = add(contract, world, is_shared_with_provider=True)
    rival = make_person("Alder Contact", world.other_provider, Role.PROVIDER_CONTACT)
    assert client_for(rival).get(f"/documents/{document.pk}/").status_code == 404


def test_a_document_of_a_restricted_contract_is_for_those_named(world, contract):
    document = add(contract, world)
    restrict_contract(
        contract=contract, reason="Tender", named=[world.council], review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    assert [status(world, who, document) for who in ("finance", "ccg_commissioner")] == [200, 404]


def test_what_belongs_to_a_review_is_never_a_provider_s(world, contract):
    review = make_review(world, contracts=[contract])
    answer = upload(
        world, f"/service-reviews/{review.pk}/documents/new/", who="commissioner", is_shared_with_provider="on"
    )
    assert answer.status_code == 302
    document = review.documents.get()
    assert document.is_shared_with_provider is False
    assert [status(world, who, document) for who in ("observer", "provider_contact")] == [200, 404]


def test_who_may_change_removes_it_with_a_reason_and_the_file_goes(world, contract, django_capture_on_commit_callbacks):
    document = add(contract, world)
    storage, name = document.file.storage, document.file.name
    assert world.browser("contract_officer").post(f"/documents/{document.pk}/remove/").status_code == 403
    world.browser("commissioner").post(f"/documents/{document.pk}/remove/", {"reason": " "})
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document=document, reason="Superseded", by=world.people["commissioner"])
    assert (storage.exists(name), Document.objects.count()) == (False, 0)


def test_newer_files_of_one_title_are_its_next_versions(world, contract):
    add(contract, world, name="one.pdf")
    add(contract, world, name="two.pdf")
    add(contract, world, title="Prices")
    page = world.browser("commissioner").get(contract.url_in_unit)
    rows = [(row.title, row.version) for row in page.context["page"].documents]
    assert sorted(rows) == [
        ("Prices", "4 Nov 2014"),
        ("Specification", "1, 4 Nov 2014"),
        ("Specification", "2, 4 Nov 2014"),
    ]


def test_a_file_that_is_gone_is_not_found(world, contract):
    document = add(contract, world)
    document.file.storage.delete(document.file.name)
    assert status(world, "commissioner", document) == 404
