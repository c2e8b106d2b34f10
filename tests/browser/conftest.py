"""The demonstration behind a live server, its people signed in by the real form; and the people of the small world."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from reporting.demonstration.people import PEOPLE
from tests.browser.pages import fill_sign_in
from tests.demonstration import demonstration_again
from tests.plugins.database import empty_again
from tests.world import World, client_for

DAY = datetime.date(2014, 11, 4)
EMAILS = {person.name: person.email for person in PEOPLE}


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of the demonstration: loaded once for a module's tests, as loading takes seconds, and gone after.

    A test that changes it says so, and must leave what the others count on.
    """
    with django_db_blocker.unblock(), override_settings(DEMO_TODAY=DAY):
        name = connection.settings_dict["NAME"]
        assert name.startswith(connection.settings_dict["TEST"]["NAME"]), "only a test's own database is emptied after"
        demonstration_again()
        server = LiveServer("localhost")
        try:
            yield server.url
        finally:
            server.stop()
            empty_again()


@pytest.fixture(scope="module")
def kept_cookies() -> dict[str, Any]:
    """The cookies of those who have signed in already, by name: a password check takes its time on purpose."""
    return {}


@pytest.fixture
def open_browser(chromium: Any, demonstration: str) -> Iterator[Callable[..., Any]]:
    """Opens the browser of one person, signed in where a name is given; any complaint of the page is an error."""
    contexts, complaints = [], []

    def open_browser(*, width: int = 1366, scripts: bool = True, cookies: Any = None) -> Any:
        context = chromium.new_context(
            base_url=demonstration,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            storage_state=cookies,
        )
        context.set_default_timeout(8_000)
        contexts.append(context)
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(open_browser: Callable[..., Any], kept_cookies: dict[str, Any]) -> Callable[..., Any]:
    """A page of somebody's own browser. The first time through the sign-in page, then with the cookies from there."""

    def sign_in(name: str, *, width: int = 1366, scripts: bool = True, anew: bool = False) -> Any:
        if name in kept_cookies and not anew:
            return open_browser(width=width, scripts=scripts, cookies=kept_cookies[name])
        cache.clear()  # the limit on attempts from one machine
        page = open_browser(width=width, scripts=scripts)
        fill_sign_in(page, EMAILS[name])
        if not anew:
            kept_cookies[name] = page.context.storage_state()
        return page

    return sign_in


@pytest.fixture
def open_page(chromium: Any, live_server: LiveServer, world: World) -> Iterator[Callable[..., Any]]:
    """Opens an address as a person of the world, each in a browser of their own; ``complaints`` are the page's own."""
    contexts = []

    def open_page(who: str, path: str, *, width: int = 1366, scripts: bool = True) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        session = client_for(world.people[who]).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        assert page.goto(path).status == 200
        return page

    yield open_page
    for context in contexts:
        context.close()
