"""What every view behind the gate asks of its request."""

from typing import cast

from django.http import HttpRequest, QueryDict

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person of a request that has passed the gate, which lets nobody else through."""
    return cast(User, request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: a post even where it is empty, and nothing on a first look."""
    return request.POST if request.method == "POST" else None
