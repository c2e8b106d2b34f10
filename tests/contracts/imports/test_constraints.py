"""The reading of check constraints in Python says what the database says."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from contracts.models import Contract
from contracts.resources.constraints import violations

DAYS = [None, datetime.date(2014, 1, 1), datetime.date(2015, 1, 1)]
CASES = [
    *({"start": start, "initial_end": end} for start in DAYS for end in DAYS),
    *(
        {"annual_value": value, "whole_life_value": other}
        for value in (None, Decimal(-1), Decimal(1))
        for other in (None, Decimal(-1))
    ),
    *(
        {"notice_given_on": given, "notice_given_by": by, "notice_ends_on": ends}
        for given in DAYS
        for ends in DAYS
        for by in ("", "provider")
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_agrees_with_the_database(world, case):
    contract = Contract(unit=world.unit, reference="A", slug="A", title="x", **case)
    expected = set()
    for constraint in Contract._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(Contract, contract)
            except ValidationError as refusal:
                expected.add(refusal.messages[0])
    assert {violation.sentence for violation in violations(contract)} == expected
