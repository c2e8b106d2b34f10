"""Which unit the person is working in: chosen once, kept in the session, checked against their sight."""

from django.http import HttpRequest

from commissioning.models import CommissioningUnit

SESSION_KEY = "unit"


def units_in_sight(request: HttpRequest) -> list[CommissioningUnit]:
    """The units the person may look at, read once a request."""
    if not hasattr(request, "_units_in_sight"):
        units = CommissioningUnit.objects.visible_to(request.user).select_related("host")
        request._units_in_sight = list(units)  # type: ignore[attr-defined]
    return request._units_in_sight  # type: ignore[attr-defined]


def current_unit(request: HttpRequest) -> CommissioningUnit | None:
    """The chosen unit; the only one where there is one; None for all that the person may see."""
    units = units_in_sight(request)
    if len(units) == 1:
        return units[0]
    chosen = request.session.get(SESSION_KEY)
    return next((unit for unit in units if unit.pk == chosen), None)


def choose_unit(request: HttpRequest, unit: CommissioningUnit | None) -> None:
    """Keep the choice until sign-out; None goes back to all units."""
    if unit is None:
        request.session.pop(SESSION_KEY, None)
    else:
        request.session[SESSION_KEY] = unit.pk
