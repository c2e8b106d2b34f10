from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def keep_signed_in(request: HttpRequest) -> HttpResponse:
    """Asking is enough: whatever is asked moves the end of the session."""
    return HttpResponse(status=204)


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/accessibility.html")


def keyboard(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/keyboard.html")
