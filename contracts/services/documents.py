"""Files kept with a contract or a service review: checked by what they hold, kept where nothing serves them."""

import uuid

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from accounts import clock
from accounts.acts import act
from accounts.models import User
from contracts.models import Contract, Document, ServiceReview
from contracts.rules.documents import file_fault, safe_name, type_of


def add_document(
    *,
    of: Contract | ServiceReview,
    title: str,
    name: str,
    content: bytes,
    by: User,
    is_shared_with_provider: bool = False,
) -> Document:
    """Keep a file under a name that nobody can guess. Raises ValidationError beside the field at fault."""
    kind = type_of(name)
    if fault := file_fault(name, content):
        raise ValidationError({"file": fault})
    if isinstance(of, ServiceReview) and is_shared_with_provider:
        raise ValidationError({"is_shared_with_provider": "What belongs to a review is not shared with a provider."})
    document = Document(
        contract=of if isinstance(of, Contract) else None,
        review=of if isinstance(of, ServiceReview) else None,
        title=title.strip(),
        file_name=safe_name(name),
        size=len(content),
        is_shared_with_provider=is_shared_with_provider,
        added_at=clock.now(),
        added_by=by,
    )
    document.full_clean(exclude=["file"])
    with act("Document added", by=by):
        document.file.save(f"{uuid.uuid4().hex}{kind.ending if kind else ''}", ContentFile(content), save=False)
        document.save()
    return document


def remove_document(*, document: Document, by: User, reason: str) -> None:
    """The file goes once the act is kept; history says that it was there. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is removed."})
    with act("Document removed", by=by, reason=reason.strip()):
        stored = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        storage, name = stored.file.storage, str(stored.file.name)
        stored.delete()
        transaction.on_commit(lambda: storage.delete(name))
