"""Files added to a contract or a service review, and taken away."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.gate import gate
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.documents import DocumentForm, RemoveDocumentForm
from contracts.models import Contract, Document, ServiceReview
from contracts.queries.managed import ManagedContract
from contracts.services.documents import add_document, remove_document
from contracts.views.loading import load_managed
from contracts.views.review_parts import load_review


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
def contract_document_add(request: HttpRequest, managed: ManagedContract) -> HttpResponse:
    return _add(request, managed.contract)


@gate(Permission.EDIT_CONTRACTS, load=load_review)
def review_document_add(request: HttpRequest, review: ServiceReview) -> HttpResponse:
    return _add(request, review)


def _add(request: HttpRequest, of: Contract | ServiceReview) -> HttpResponse:
    form = DocumentForm(posted(request), request.FILES or None, may_share=isinstance(of, Contract))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            added = add_document(
                of=of,
                title=data["title"],
                name=data["file"].name,
                content=data["file"].read(),
                is_shared_with_provider=data.get("is_shared_with_provider", False),
                by=signed_in(request),
            )
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"Document added: {added}.")
            return redirect(page_of(of))
    context = {"form": form, "of": of, "page": page_of(of), "is_contract": isinstance(of, Contract)}
    return render(request, "contracts/document_add.html", context)


def page_of(of: Contract | ServiceReview) -> str:
    """The page that lists the documents, at their list."""
    address = of.url_in_unit if isinstance(of, Contract) else of.get_absolute_url()
    return f"{address}#documents"


@dataclass(frozen=True)
class DocumentOf:
    """A document with what it belongs to, which decides."""

    document: Document
    of: Contract | ServiceReview

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.of.is_open_to(scope, permission)


def load_document(request: HttpRequest, pk: int) -> DocumentOf:
    """Of a contract or review in sight."""
    document = get_object_or_404(Document.objects.select_related("contract__unit", "review__unit"), pk=pk)
    if document.contract_id:
        contracts = Contract.objects.visible_to(request.user).select_related("unit")
        return DocumentOf(document, get_object_or_404(contracts, pk=document.contract_id))
    reviews = ServiceReview.objects.visible_to(request.user).select_related("unit")
    return DocumentOf(document, get_object_or_404(reviews, pk=document.review_id))


@gate(Permission.EDIT_CONTRACTS, load=load_document)
def document_remove(request: HttpRequest, held: DocumentOf) -> HttpResponse:
    form = RemoveDocumentForm(posted(request))
    if form.is_bound and form.is_valid():
        remove_document(document=held.document, reason=form.cleaned_data["reason"], by=signed_in(request))
        messages.success(request, f"Document removed: {held.document}.")
        return redirect(page_of(held.of))
    context = {"form": form, "document": held.document, "of": held.of, "page": page_of(held.of)}
    return render(request, "contracts/document_remove.html", context | {"is_contract": isinstance(held.of, Contract)})
