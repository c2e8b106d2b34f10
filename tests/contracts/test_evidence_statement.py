"""Which scores the KPIs contradict: the statement and the rule say the same, whatever the readings."""

import datetime
import random

import pytest
from django.db import connection

from contracts.choices import KpiDirection, KpiFrequency, KpiPlan, KpiUnit
from contracts.queries.evidence_statement import CONTRADICTED, contradicted_values
from contracts.queries.kpi_evidence import evidence_of
from contracts.rules.evidence import EVERY_SCORE
from contracts.rules.kpis import is_due
from contracts.rules.returns import months_ending
from tests.kpi_world import make_kpi, make_plan, make_reading
from tests.world import OCTOBER


def contradicted(graded, month=OCTOBER):
    """Of (contract, score), those whose month's KPIs do not bear the score out."""
    rows = ", ".join(f"({pk}, {score})" for pk, score in graded)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH graded (id, score) AS (VALUES {rows}), {CONTRADICTED} SELECT contract_id FROM against ORDER BY 1",  # noqa: S608
            contradicted_values(month),
        )
        return [pk for (pk,) in cursor.fetchall()]


def chance_kpi(contract, chance):
    """One of any kind, with some readings near its target, some missing, and perhaps a second target or a plan."""
    unit = chance.choice([KpiUnit.PERCENT, KpiUnit.NUMBER, KpiUnit.POUNDS])
    direction = chance.choice(list(KpiDirection))
    target = chance.choice([0, 95, 97, 98, 100])
    closed = chance.random() < 0.1
    kpi = make_kpi(
        contract, target=None if chance.random() < 0.05 else target, unit=unit, direction=direction,
        upper=target + 2 if direction == KpiDirection.BETWEEN and chance.random() < 0.8 else None,
        tolerance=chance.choice([0, 0, 1]), frequency=chance.choice(list(KpiFrequency)),
        last_month=datetime.date(2014, 9, 1) if closed else None, closing_reason="Replaced" if closed else "",
    )  # fmt: skip
    if chance.random() < 0.2:
        kpi.targets.create(from_month=datetime.date(2014, 8, 1), target=chance.choice([90, 99]))
    for month in months_ending(OCTOBER, 14):
        if chance.random() < 0.7 and is_due(month, frequency=kpi.frequency, first_month=kpi.first_month):
            value = None if chance.random() < 0.1 else chance.choice([0, 94, 96, 97, 98, 99, 100])
            make_reading(kpi, value, month, plan=chance.choice(["", "", *KpiPlan]))
    if chance.random() < 0.3:
        closed_on = chance.choice([None, datetime.date(2014, 10, 31), datetime.date(2014, 11, 2)])
        agreed_on = chance.choice([datetime.date(2014, 3, 14), datetime.date(2014, 12, 1)])
        make_plan(kpi, agreed_on=agreed_on, **({"closed_on": closed_on} if closed_on and agreed_on < closed_on else {}))


@pytest.mark.parametrize("seed", range(4))
def test_the_statement_says_what_the_rule_says(world, seed):
    chance = random.Random(seed)
    contracts = [world.contract() for _ in range(40)]
    for contract in contracts:
        for _ in range(chance.choice([0, 1, 1, 2, 3, 4])):
            chance_kpi(contract, chance)
    ids = [contract.pk for contract in contracts]
    found = 0
    for month in (OCTOBER, datetime.date(2014, 9, 1), datetime.date(2014, 3, 1)):
        evidence = evidence_of(ids, month)
        for score in EVERY_SCORE:
            expected = [pk for pk in ids if score not in evidence[pk].fits]
            assert contradicted([(pk, score) for pk in ids], month) == expected
            found += len(expected)
    assert found > 100
    assert found < 3 * len(EVERY_SCORE) * len(ids)


def test_every_score_is_borne_out_and_contradicted_by_something(world):
    """The four contracts are of no evidence, all at their best, one short of two that improves, and all short."""
    silent, best, mixed, failing = (world.contract() for _ in range(4))
    make_reading(make_kpi(best), 100)
    for value, before in ((97, 90), (92, 90)):
        kpi = make_kpi(mixed)
        make_reading(kpi, before, datetime.date(2014, 9, 1))
        make_reading(kpi, value)
    make_reading(make_kpi(failing), 80)
    against = {
        score: contradicted([(each.pk, score) for each in (silent, best, mixed, failing)]) for score in EVERY_SCORE
    }
    high = [mixed.pk, failing.pk]
    assert against == {
        9: high, 8: high, 7: high, 6: high, 5: [best.pk, failing.pk],
        4: [best.pk, *high], 3: [best.pk, *high], 2: [best.pk, *high], 1: [best.pk, mixed.pk],
    }  # fmt: skip
