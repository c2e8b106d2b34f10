"""How many statements each page runs: the same at every size, whoever looks, however much there is to see."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.addresses import EMPTY, REGISTER, addresses_of
from bench.inside import inside, person
from bench.people import people_of
from bench.rows import QUERIES, Goal, Row
from bench.sign_in import NotServed
from bench.worlds import World

OF_THE_REGISTER: Final = Goal(6)
OF_WHAT_ONE_MAY_DO: Final = Goal(1)
GRANTS: Final = "groupobjectpermission"
"""In the name of every table that holds what somebody may do."""
OF_THE_SESSION: Final = ("BEGIN", "COMMIT", 'UPDATE "django_session"')


def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]:
    """Counted once: a count does not vary from round to round."""
    for world in worlds:
        with inside(world):
            yield from _counts(world)


def statements_of(client: Client, address: str) -> list[str]:
    """All that the page reads; that the session was used is written after it, and is no reading."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise NotServed(f"{address} answered {answer.status_code}")
    statements = [query["sql"] for query in captured.captured_queries]
    return [statement for statement in statements if not statement.startswith(OF_THE_SESSION)]


def client_of(email: str) -> Client:
    client = Client()
    client.force_login(person(email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _counts(world: World) -> Iterator[Row]:
    people, size = people_of(world.size), world.size.code
    clients = {who: client_of(who.email) for who in people}
    clients[people[0]].get(EMPTY)  # what is read once a process is read now, and counted of no page
    grants = 0
    for (page, who), address in addresses_of(people).items():
        statements = statements_of(clients[who], address)
        grants = max(grants, sum(GRANTS in statement for statement in statements))
        goal = OF_THE_REGISTER if page is REGISTER else None
        yield Row(what=page.what, person=who.label, size=size, figure=len(statements), unit=QUERIES, goal=goal)
    yield Row(
        what="Reading what one may do, on any page", size=size, figure=grants, unit="times", goal=OF_WHAT_ONE_MAY_DO
    )
