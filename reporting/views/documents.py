"""Reading a document: it is handed out to be saved, never shown as a page of ours."""

from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.gate import gate
from contracts.models import Document
from contracts.rules.documents import type_of
from reporting.queries.documents import documents_in_sight


@dataclass(frozen=True)
class DocumentInSight:
    """Loaded through sight, which is all that reading asks for."""

    document: Document

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return scope.holds(permission)


def load_document(request: HttpRequest, pk: int) -> DocumentInSight:
    return DocumentInSight(get_object_or_404(documents_in_sight(request.user), pk=pk))


@gate(Permission.VIEW_CONTRACTS, load=load_document)
def document(request: HttpRequest, found: DocumentInSight) -> HttpResponse:
    stored = found.document
    kind = type_of(stored.file_name)
    try:
        stream = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file of this document is no longer kept.") from error
    answer = FileResponse(
        stream,
        as_attachment=True,
        filename=stored.file_name,
        content_type=kind.content_type if kind else "application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer  # type: ignore[return-value]
