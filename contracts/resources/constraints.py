"""The model's own check constraints, asked of an unsaved contract without a query a row.

Django asks the database one question for every constraint and record. This reads the same conditions in Python, with
the database's logic: what compares with an unknown is unknown, and a check that is unknown holds.
"""

import operator
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import CheckConstraint, F, Model, Q

Truth = bool | None
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, among: value in among,
}


class Violation(NamedTuple):
    """The constraint's sentence, and the fields that it speaks of."""

    sentence: str
    fields: tuple[str, ...]


def violations(instance: Model) -> list[Violation]:
    return [
        Violation(str(constraint.violation_error_message), fields)
        for constraint, fields in _checks(type(instance))
        if _truth(constraint.condition, instance) is False
    ]


@cache
def _checks(model: type[Model]) -> list[tuple[CheckConstraint, tuple[str, ...]]]:
    checks = [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]
    return [(check, tuple(dict.fromkeys(_fields(check.condition)))) for check in checks]


def _fields(condition: Any) -> list[str]:
    if isinstance(condition, Q):
        return [name for child in condition.children for name in _fields(child)]
    return [condition[0].split("__")[0]]


def _truth(condition: Any, instance: Model) -> Truth:
    if not isinstance(condition, Q):
        path, wanted = condition
        return _compared(path, wanted, instance)
    found = [_truth(child, instance) for child in condition.children]
    both = condition.connector == Q.AND
    decided = not both
    together = decided if decided in found else None if None in found else not decided
    return together if together is None or not condition.negated else not together


def _compared(path: str, wanted: Any, instance: Model) -> Truth:
    name, _, lookup = path.partition("__")
    value = getattr(instance, name)
    if lookup == "isnull" or (lookup in ("", "exact") and wanted is None):
        return (value is None) is (wanted is None or wanted is True)
    wanted = getattr(instance, wanted.name) if isinstance(wanted, F) else wanted  # type: ignore[attr-defined]
    if value is None or wanted is None:
        return None
    return _COMPARE[lookup or "exact"](value, wanted)
