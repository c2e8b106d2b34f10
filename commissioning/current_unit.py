"""Which unit the person is working in: chosen once, kept in the session, checked against their sight."""

from django.db.models import Case, Value, When
from django.http import HttpRequest

from commissioning.models import CommissioningUnit
from commissioning.models.unit import UnitQuerySet

SESSION_KEY = "unit"


def units_in_sight(request: HttpRequest) -> list[CommissioningUnit]:
    """All the units the person may look at, read once a request. There may be every unit in England."""
    if not hasattr(request, "_units_in_sight"):
        firsts = getattr(request, "_first_units", None)
        few = firsts is not None and len(firsts) <= 1
        request._units_in_sight = firsts if few else list(_units(request))  # type: ignore[attr-defined]
    return request._units_in_sight  # type: ignore[attr-defined]


def current_unit(request: HttpRequest) -> CommissioningUnit | None:
    """The chosen unit; the only one where there is one; None for all that the person may see."""
    units = _first_units(request)
    if len(units) == 1:
        return units[0]
    chosen = request.session.get(SESSION_KEY)
    return next((unit for unit in units if unit.pk == chosen), None)


def has_units_to_choose(request: HttpRequest) -> bool:
    return len(_first_units(request)) > 1


def _units(request: HttpRequest) -> UnitQuerySet:
    return CommissioningUnit.objects.visible_to(request.user).select_related("host")


def _first_units(request: HttpRequest) -> list[CommissioningUnit]:
    """The chosen unit and one more: enough to know where the person works and whether there is anything to choose."""
    if hasattr(request, "_units_in_sight"):
        return request._units_in_sight
    if not hasattr(request, "_first_units"):
        chosen = request.session.get(SESSION_KEY)
        chosen_first = Case(When(pk=chosen, then=0), default=1) if chosen else Value(0)
        request._first_units = list(_units(request).order_by(chosen_first, "pk")[:2])  # type: ignore[attr-defined]
    return request._first_units  # type: ignore[attr-defined]


def choose_unit(request: HttpRequest, unit: CommissioningUnit | None) -> None:
    """Keep the choice until sign-out; None goes back to all units."""
    if unit is None:
        request.session.pop(SESSION_KEY, None)
    else:
        request.session[SESSION_KEY] = unit.pk
