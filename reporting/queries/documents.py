"""Documents of contracts and service reviews: which of them a person sees, and how a list says them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BigIntegerField, Q
from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from contracts.models import Contract, Document, ServiceReview
from contracts.queries.built_once import Given, Prepared, naming
from contracts.queries.sight import sees_narrative
from contracts.rules.documents import size_words, type_of
from contracts.templatetags.marks import shortdate
from reporting.queries.sight import with_plans_seen


@dataclass(frozen=True)
class DocumentRow:
    """One line of a list of documents. ``remove_url`` only for who may remove it."""

    title: str
    about: str
    url: str
    version: str
    by: str
    who: str
    is_open: bool
    remove_url: str


def documents_in_sight(user: Any) -> Any:
    """Of contracts in sight, to a provider only what is shared with it; and of service reviews in sight."""
    scope = scope_of(user)
    contracts = Contract.objects.visible_to(user)
    taking_part = Q(contract__in=contracts.filter(with_plans_seen(scope)).order_by())
    shared = Q(contract__in=contracts.order_by(), is_shared_with_provider=True)
    of_reviews = Q(review__in=ServiceReview.objects.visible_to(user).order_by())
    return Document.objects.filter(taking_part | shared | of_reviews)


ALL_DOCUMENTS: Final = Prepared(lambda: _of_contract(Q()))
SHARED_DOCUMENTS: Final = Prepared(lambda: _of_contract(Q(is_shared_with_provider=True)))


def _of_contract(which: Q) -> Any:
    return naming(Document.objects.filter(which, contract_id=Given("contract", BigIntegerField())), "added_by")


def documents_of_contract(user: Any, contract: Contract, found: Iterable[Document]) -> list[DocumentRow]:
    """Of the documents that the person may see, newest first."""
    scope = scope_of(user)
    return _rows(found, scope, contract, takes_part=sees_narrative(scope, contract))


def documents_of_review(user: Any, review: ServiceReview) -> list[DocumentRow]:
    """Of a review in sight; one query."""
    return _rows(review.documents.select_related("added_by"), scope_of(user), review, takes_part=True)


def _rows(
    found: Iterable[Document], scope: Scope, of: Contract | ServiceReview, *, takes_part: bool
) -> list[DocumentRow]:
    documents = list(found)
    may_remove = scope.can(Permission.EDIT_CONTRACTS, of)
    left = Counter(document.title for document in documents)
    several = {title for title, count in left.items() if count > 1}
    rows = []
    for document in documents:
        number = left[document.title]
        left[document.title] -= 1
        rows.append(_row(document, number if document.title in several else 0, may_remove, takes_part=takes_part))
    return rows


def _row(document: Document, number: int, may_remove: bool, *, takes_part: bool) -> DocumentRow:
    kind = type_of(document.file_name)
    day = shortdate(document.added_at)
    return DocumentRow(
        title=document.title,
        about=f"({kind.word if kind else 'File'}, {size_words(document.size)})",
        url=reverse("document", args=[document.pk]),
        version=f"{number}, {day}" if number else day,
        by=document.added_by.name if document.added_by and takes_part else "",
        who=_who(document, takes_part=takes_part),
        is_open=document.is_shared_with_provider,
        remove_url=reverse("document_remove", args=[document.pk]) if may_remove else "",
    )


def _who(document: Document, *, takes_part: bool) -> str:
    if not takes_part:
        return "You and the commissioners"
    return "Partners, provider" if document.is_shared_with_provider else "Partners"
