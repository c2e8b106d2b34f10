"""What browser tests ask of a page."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from reporting.demonstration.people import PASSWORD

axe = Axe()


def fill_sign_in(page: Any, email: str) -> None:
    """Through the form, as everybody of the demonstration has the same password."""
    page.goto("/sign-in/")
    sign_in_here(page, email, PASSWORD)


def sign_in_here(page: Any, email: str, password: str) -> None:
    """At the sign-in page to which somebody was sent, which knows where they came from."""
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    send(page, "Sign in")


def tab_to(page: Any, selector: str, *, at_most: int = 120) -> int:
    """Press Tab until the focus is there, and say how often; fails where no Tab leads to it."""
    for pressed in range(1, at_most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return pressed
    pytest.fail(f"No Tab leads to {selector}")


def send(page: Any, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def navigation(page: Any) -> list[str]:
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    return [text.strip() for text in links.all_inner_texts()]


def rows_of(page: Any, caption: str) -> list[list[str]]:
    """The cells of the table's body, each on one line."""
    rows = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr")
    return [[" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]


def titles(page: Any) -> list[str]:
    """The contracts that the register lists."""
    return page.locator(".jc-table tbody th a").all_inner_texts()


def risk_counts(page: Any) -> dict[str, int]:
    """The dashboard's risk table: rating and number of contracts."""
    return {row[0].removeprefix(row[0][0]).strip() or row[0]: int(row[1]) for row in rows_of(page, "Risk ratings now")}


def check_accessible(page: Any, name: str) -> None:
    found = axe.run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def check_no_sideways_scroll(page: Any, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
