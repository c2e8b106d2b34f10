"""``visible_to`` and ``returned_by`` for statements that are built once: who asks is given each time they are run."""

from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Q

from accounts.permissions import NATIONALLY_OPEN_PERMISSIONS, Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models import Contract
from contracts.queries.built_once import Given

_ID: Final = BigIntegerField()
_IDS: Final = ArrayField(BigIntegerField())


class InGivenSight(Func):
    """Of a contract: the same answer as ``visible_to``, in the unit given or, where none is, in every one."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any) -> None:
        super().__init__(*(expressions or (F("pk"), F("unit_id"), F("is_restricted"))))

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        pk, unit, restricted = (compiler.compile(each)[0] for each in self.get_source_expressions())
        ordinary = f"NOT {restricted} AND (%s OR {unit} = ANY(%s) OR {pk} = ANY(%s))"
        sql = f"(({pk} = ANY(%s) OR ({ordinary})) AND (%s IS NULL OR {unit} = %s))"
        within = Given("unit", _ID)
        return sql, [
            Given("exceptions", _IDS),
            Given("national", BooleanField()),
            Given("units", _IDS),
            Given("own", _IDS),
            within,
            within,
        ]


class OneOfGiven(Func):
    """The value is among those given under this name."""

    output_field = BooleanField()

    def __init__(self, expression: Any, name: str) -> None:
        super().__init__(expression)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, values = compiler.compile(self.get_source_expressions()[0])
        return f"{sql} = ANY(%s)", [*values, Given(self.name, _IDS)]


def returned_by_given() -> Q:
    """The same as ``returned_by``."""
    deputising = Contract.deputies.through.objects.filter(OneOfGiven(F("user_id"), "people")).values("contract_id")
    officer, manager = OneOfGiven(F("officer_id"), "people"), OneOfGiven(F("service_manager_id"), "people")
    return Q(officer) | Q(manager) | Q(pk__in=deputising)


def sight_given(user: Any, unit: CommissioningUnit | None) -> dict[str, Any]:
    """What is to be given of the person and of the unit in which they work."""
    scope, permission = scope_of(user), Permission.VIEW_CONTRACTS
    return {
        "exceptions": sorted(scope.exceptions_with(permission)),
        "national": scope.national and permission in NATIONALLY_OPEN_PERMISSIONS,
        "units": sorted(scope.units_with(permission)),
        "own": sorted(scope.own_with(permission)),
        "unit": unit.pk if unit else None,
        "people": [user.pk, *sorted(scope.stands_in_for)],
    }
