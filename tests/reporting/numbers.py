"""Walks a dashboard's links into the register and compares each number with the rows that the link opens."""

import re
from html import unescape
from typing import Any

LINK = re.compile(r'<a\b[^>]*href="(/contracts/(?:\?[^"]*)?)"[^>]*>(.*?)</a>', re.DOTALL)


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def first_number(text: str) -> int:
    return int(re.search(r"\d[\d,]*", text)[0].replace(",", ""))  # type: ignore[index]


def rows_of(browser: Any, url: str) -> int:
    """How many contracts the register says that it shows, which must be as many as its export holds."""
    page = browser.get(url)
    assert page.status_code == 200, url
    said = re.search(r"<h1>Contracts</h1>\s*<p><b>([\d,]+) contracts?</b>", page.content.decode())
    return int(said[1].replace(",", ""))  # type: ignore[index]


def numbered_links(html: str) -> list[tuple[str, str, int]]:
    """(words, address, number) of every link of the dashboard's body into the register.

    A number stands in the link's own words, else beside it in its line, else over its queue; a link to all
    contracts leads to as many as the risk table counts, and one to red and amber ones to the sum of those two.
    """
    body = html[html.index("<h1>") :]
    total = first_number(plain(body[body.index("<tfoot>") :]).removeprefix("All"))
    red, amber = (int(number) for number in re.findall(r"risk=(?:red|amber)[^\"]*\">(\d+)</a>", body)[-2:])
    found = []
    for section in re.findall(r"<section.*?</section>", body, flags=re.DOTALL):
        for match in LINK.finditer(section):
            words, rest = plain(match[2]), section[match.end() :]
            line = plain(rest.partition("</li>")[0]) if "</li>" in rest else ""
            if re.search(r"\d", words):
                number = first_number(words)
            elif words == "See all contracts":
                number = total
            elif words == "Red and amber contracts":
                number = red + amber
            elif "never returned" in words:
                number = first_number(line)
            else:
                assert section.startswith('<section class="jc-queue">'), words
                number = first_number(plain(section.partition("</h2>")[0]))
            found.append((words, unescape(match[1]), number))
    return found


def differences(browser: Any, month: str) -> tuple[list[str], int]:
    """(what does not agree, how many links there were), the total among them."""
    html = browser.get(f"/?month={month}" if month else "/").content.decode()
    links = numbered_links(html)
    total = first_number(plain(html[html.index("<tfoot>") :]).removeprefix("All"))
    links.append(("All", f"/contracts/?month={month}" if month else "/contracts/", total))
    opened = [(words, url, number, rows_of(browser, url)) for words, url, number in links]
    return [f"{words} {url}: {number}, opens {rows}" for words, url, number, rows in opened if number != rows], len(
        links
    )
