"""How closely a contract is looked at, by its value and risk: the unit's table, read from the top.

Source: «The frequency of the contract management is dependent on a number of factors such as contract value and overall
risk to Children's Services. However, all staff responsible for contract management are required to inform Children's
Commissioning of the overall risk rating and contract performance for that contract on a monthly basis» (Lincolnshire
County Council, Children and Young People Scrutiny Committee, 12 September 2014). The paper states no amounts: those of
the defaults are common practice, and each unit sets its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ..choices import MeetingPattern, MonitoringFrequency, Risk
from .returns import month_end, months_back

ANY_RISK: Final = ""


@dataclass(frozen=True)
class AttentionRow:
    """One row: contracts worth so many pounds a year or more, of a risk or of any."""

    value_from: Decimal
    risk: str
    monitoring: str
    meetings: str

    @property
    def catches_everything(self) -> bool:
        return self.value_from == 0 and self.risk == ANY_RISK

    def catches(self, *, annual_value: Decimal | None, risk: str) -> bool:
        """A value not known counts as the largest, a risk not known as red."""
        is_worth_it = annual_value is None or annual_value >= self.value_from
        return is_worth_it and self.risk in (ANY_RISK, risk or Risk.RED)

    def covers(self, other: "AttentionRow") -> bool:
        """Whether nothing that the other catches would pass this one by."""
        return self.value_from <= other.value_from and self.risk in (ANY_RISK, other.risk)

    @property
    def words(self) -> str:
        """«Red, worth £100,000 a year or more»; «Every contract»."""
        worth = f"worth {_pounds(self.value_from)} a year or more" if self.value_from else ""
        if self.risk == ANY_RISK:
            return f"{worth[:1].upper()}{worth[1:]}, whatever its risk" if worth else "Every contract"
        return f"{Risk(self.risk).label}, {worth or 'whatever its value'}"


def _pounds(amount: Decimal) -> str:
    """Without pence where there are none."""
    pence = 0 if amount == amount.to_integral_value() else 2
    return f"£{amount:,.{pence}f}"


def _row(value_from: int, risk: str, monitoring: MonitoringFrequency, meetings: MeetingPattern) -> AttentionRow:
    return AttentionRow(Decimal(value_from), risk, monitoring, meetings)


DEFAULTS: Final = (
    _row(0, Risk.RED, MonitoringFrequency.MONTHLY, MeetingPattern.MONTHLY),
    _row(1_000_000, ANY_RISK, MonitoringFrequency.MONTHLY, MeetingPattern.QUARTERLY),
    _row(250_000, Risk.AMBER, MonitoringFrequency.MONTHLY, MeetingPattern.QUARTERLY),
    _row(250_000, ANY_RISK, MonitoringFrequency.QUARTERLY, MeetingPattern.QUARTERLY),
    _row(50_000, ANY_RISK, MonitoringFrequency.QUARTERLY, MeetingPattern.HALF_YEARLY),
    _row(0, ANY_RISK, MonitoringFrequency.HALF_YEARLY, MeetingPattern.YEARLY),
)
"""What stands until a unit sets its own."""


def first_fitting(table: Sequence[AttentionRow], *, annual_value: Decimal | None, risk: str) -> int:
    """The place of the row that decides. Raises ValueError for a table whose last row does not catch everything."""
    for place, row in enumerate(table):
        if row.catches(annual_value=annual_value, risk=risk):
            return place
    raise ValueError("The last row of the table must catch every contract.")


def assumed_words(*, annual_value: Decimal | None, risk: str) -> str:
    """What was taken for what is not known; empty where both are."""
    assumed = []
    if annual_value is None:
        assumed.append("its value is not known and counts as the largest")
    if not risk:
        assumed.append("its risk is not known and counts as red")
    words = " and ".join(assumed)
    return f"{words[:1].upper()}{words[1:]}" if words else ""


def never_reached(table: Sequence[AttentionRow]) -> dict[int, int]:
    """By place, the rows that no contract can reach, with the place of an earlier row that catches all of theirs."""
    unreached = {}
    for place, row in enumerate(table):
        covering = next((earlier for earlier in range(place) if table[earlier].covers(row)), None)
        if covering is not None:
            unreached[place] = covering
    return unreached


def attention_words(monitoring: str, meetings: str) -> str:
    """«looked at every month; board meets every quarter»"""
    return f"looked at {_lower(MonitoringFrequency(monitoring).label)}; {board_words(meetings)}"


def board_words(meetings: str) -> str:
    return f"board meets {_lower(MeetingPattern(meetings).label)}"


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


# When the board should have met


MONTHS_BETWEEN: Final = {
    MeetingPattern.MONTHLY: 1,
    MeetingPattern.QUARTERLY: 3,
    MeetingPattern.HALF_YEARLY: 6,
    MeetingPattern.YEARLY: 12,
}


def meet_by(meetings: str, *, last: date) -> date | None:
    """The last day of the month by which the board should meet again; None where it meets when needed.

    ``last`` is the day of its last meeting, or on which it was opened.
    """
    months = MONTHS_BETWEEN.get(MeetingPattern(meetings))
    return month_end(months_back(last.replace(day=1), -months)) if months else None
