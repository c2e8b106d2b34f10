"""One person of the load run at work: opens pages in turn, submits returns through their forms, and keeps the times."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import cycle
from typing import Final

from bench.filled_forms import Fields, form_with, refusals
from bench.load_people import Participant, ToReturn
from bench.sign_in import Answer, Visitor
from contracts.choices import Risk

FORM, DRAFT, SUBMIT = "Return, the form", "Return, saved as a draft", "Return, submitted"
VISITS_BETWEEN: Final = 2
"""Pages that an officer opens between two returns."""
#: A KPI's field, and what is typed there: nine in ten.
_KPI: Final = re.compile(r"kpi_\d+")
READING, WHOLE = "90", "100"
SAID: Final = "Said under load of contract "


@dataclass(frozen=True)
class Asked:
    """One request and what came of it; ``fault`` is empty where it is what a person would hope for."""

    kind: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class Said:
    """What a return states: sent by a form, or kept in the database."""

    contract: int
    risk: str
    jet: int
    narrative: str


@dataclass
class AtWork:
    """A person with their browser, and all that has come of it so far."""

    person: Participant
    visitor: Visitor
    asked: list[Asked] = field(default_factory=list)
    submitted: list[Said] = field(default_factory=list)

    def work(self, *, until: float, pause: float = 0) -> None:
        """Until that moment of the steady clock, with so many seconds to read each page."""
        for turn in self._turns():
            if time.monotonic() >= until:
                return
            turn()
            time.sleep(pause)

    def _turns(self) -> Iterator[Callable[[], object]]:
        returns = self._returns()
        for number, visit in enumerate(cycle(self.person.visits), start=1):
            yield lambda visit=visit: self._open(visit.kind, visit.address)  # type: ignore[misc]
            if self.person.returns and number % VISITS_BETWEEN == 0:
                yield lambda: next(returns)

    def _returns(self) -> Iterator[None]:
        """Each contract once, every second one saved as a draft before; then all again, as changes of what is sent."""
        count = len(self.person.returns)
        for number, owed in enumerate(cycle(self.person.returns)):
            is_change = number >= count
            said = self._what_to_say(owed, number)
            if not is_change and number % 2:
                self._send(owed.address, said, do="draft")
            address = f"{owed.address}&change" if is_change else owed.address
            if self._send(address, said, do="submit"):
                self.submitted.append(said)
            yield

    @staticmethod
    def _what_to_say(owed: ToReturn, number: int) -> Said:
        risk = Risk.values[number % len(Risk.values)]
        return Said(owed.contract, risk, 1 + number % 9, f"{SAID}{owed.contract}, number {number}")

    def _send(self, address: str, said: Said, *, do: str) -> bool:
        """Open the form, fill it in and send it; whether the answer says that it was taken."""
        page = self._open(FORM, address)
        if page is None:
            return False
        try:
            fields = filled(form_with("narrative", page.text), said) | {"do": do}
        except LookupError as error:
            self.asked.append(Asked(FORM, 0, f"{address}: {error}"))
            return False
        return self._ask(DRAFT if do == "draft" else SUBMIT, address, fields) is not None

    def _open(self, kind: str, address: str) -> Answer | None:
        return self._ask(kind, address)

    def _ask(self, kind: str, address: str, fields: Fields | None = None) -> Answer | None:
        """The answer, or None where it is a fault: a refusal, a page that sends elsewhere, half a page, no answer."""
        begun = time.perf_counter()
        try:
            answer = self.visitor.get(address) if fields is None else self.visitor.post(address, fields)
            fault = _fault(answer, is_form=fields is not None)
        except (OSError, HTTPException) as error:
            self.visitor.close()
            answer, fault = None, repr(error)
        self.asked.append(Asked(kind, time.perf_counter() - begun, fault and f"{address}: {fault}"))
        return None if fault else answer


def filled(fields: Fields, said: Said) -> Fields:
    """The form as it was opened, its hidden fields with it, and over that what the officer states."""
    readings = {name: READING for name, value in fields.items() if _KPI.fullmatch(name) and not value}
    wholes = {f"{name}_whole": WHOLE for name in readings if f"{name}_whole" in fields}
    plans = {f"{name}_plan": "in_place" for name in readings if f"{name}_plan" in fields}
    stated = {"risk": said.risk, "jet": str(said.jet), "narrative": said.narrative, "not_assessed_reason": ""}
    return fields | readings | wholes | plans | stated | {"kpi_reason": "Heard from the provider"}


def _fault(answer: Answer, *, is_form: bool) -> str:
    """A form that is taken sends elsewhere; a page that is there does not, and comes whole."""
    if answer.status == 302 and is_form:
        return "signed out" if "login" in answer.location else ""
    if answer.status != 200:
        return f"{answer.status} {answer.location}".rstrip()
    if is_form:
        return f"refused: {refusals(answer.text)}"
    return "" if answer.body.rstrip().endswith(b"</html>") else "half a page"
