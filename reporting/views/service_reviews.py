"""Service reviews to read: the list, one review, and the list as a file."""

from dataclasses import dataclass
from typing import IO, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.models import ServiceReview
from contracts.register_files.tables import write_table
from contracts.register_files.writing import CONTENT_TYPES
from contracts.views.review_parts import load_review
from reporting.queries.register_links import places_of_contracts
from reporting.queries.service_review_page import ServiceReviewPage
from reporting.queries.service_reviews import HEADINGS, ServiceReviewsExport, ServiceReviewsPage
from reporting.views.export import file_answer


@dataclass(frozen=True)
class UnitsAtWork:
    """The unit that the person works in, or all of them: reviews are for who takes part in a unit's work."""

    unit: CommissioningUnit | None
    fmt: str = ""

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """A provider's contact sees contracts without any part in a unit."""
        return scope.national or bool(scope.units_with(permission))


def load_units(request: HttpRequest, fmt: str = "") -> UnitsAtWork:
    return UnitsAtWork(current_unit(request), fmt)


@gate(Permission.VIEW_CONTRACTS, load=load_units)
def service_reviews(request: HttpRequest, at_work: UnitsAtWork) -> HttpResponse:
    page = ServiceReviewsPage(user=request.user, unit=at_work.unit, params=request.GET)
    exports = [
        (label, f"{reverse('service_reviews_export', args=[fmt])}?{page.query}")
        for label, fmt in (("Excel", "xlsx"), ("CSV", "csv"))
    ]
    context = {
        "page": page,
        "places": places_of_contracts("service_reviews", scope_of(request.user)),
        "exports": exports if page.may_export else [],
    }
    return render(request, "reporting/service_reviews.html", context)


@gate(Permission.EXPORT_CONTRACTS, load=load_units)
def service_reviews_export(request: HttpRequest, at_work: UnitsAtWork) -> HttpResponse:
    """Exactly what the page with the same address lists, of what the person may export."""
    if at_work.fmt not in CONTENT_TYPES:
        raise Http404("Service reviews are exported as .xlsx or .csv.")
    unit = at_work.unit
    export = ServiceReviewsExport(user=request.user, unit=unit, params=request.GET)
    address = request.build_absolute_uri(f"{reverse('service_reviews')}?{request.GET.urlencode()}")
    about: Any = [*export.about(address=address), ("Exported", f"{long_date(clock.today())} by {request.user}")]
    name = f"service-reviews-{unit.code if unit else 'all-units'}-{clock.today().isoformat()}.{at_work.fmt}"

    def write(stream: IO[bytes]) -> None:
        write_table(HEADINGS, export.rows(), at_work.fmt, stream, sheet="Service reviews", about=about)

    return file_answer(request, write, name=name, fmt=at_work.fmt, what="list")


@gate(Permission.VIEW_CONTRACTS, load=load_review)
def service_review(request: HttpRequest, review: ServiceReview) -> HttpResponse:
    page = ServiceReviewPage(user=request.user, review=review)
    return render(request, "reporting/service_review.html", {"page": page, "review": review})
