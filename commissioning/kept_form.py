"""A form that was sent after its session had ended, kept until the same person has signed in again.

It is kept in the browser's new session, on the server. The form carries who typed it, signed, so that it is shown to
that person and to nobody else who signs in at the same browser.
"""

from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, QueryDict

FIELD: Final = "typed_by"
SESSION_KEY: Final = "kept_form"
LONGEST: Final = 400_000
"""Characters: a page of fifty contracts with a full sentence each takes about a tenth of it."""
KEPT_WORDS: Final = "This is what you had typed when you were signed out. It is not saved yet."
_SALT: Final = "commissioning.kept_form"
_NOT_KEPT: Final = frozenset({"csrfmiddlewaretoken", FIELD, "do"})


def typed_by(user: Any) -> str:
    """What a form that is to be kept carries in its hidden field."""
    return signing.dumps(user.pk, salt=_SALT)


def keep_form(request: HttpRequest, *, page: str) -> bool:
    """Keep what was just sent to be shown at this address; False for a form that does not say who typed it."""
    try:
        person = signing.loads(request.POST.get(FIELD, ""), salt=_SALT)
    except signing.BadSignature:
        return False
    sent = request.POST.copy()
    for name in _NOT_KEPT:
        sent.pop(name, None)
    text = sent.urlencode()
    if len(text) > LONGEST:
        return False
    request.session[SESSION_KEY] = {"page": page, "person": person, "form": text}
    return True


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page when they were signed out; gone once they send the page again."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    if kept["person"] != request.user.pk:
        forget_kept(request)
        return None
    return QueryDict(kept["form"]) if kept["page"] == request.get_full_path() else None


def forget_kept(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
