"""A person's session, begun through the form that everybody signs in by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.server import Server
from reporting.scale.names import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 120  # seconds for one answer


class NotServed(Exception):  # noqa: N818
    """A page was not what is measured: another status than expected."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """One browser: its connection, kept open as far as the server keeps it, and its cookies. Not shared by threads."""

    def __init__(self, server: Server) -> None:
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, fields: Mapping[str, str]) -> Answer:
        """With the token of a form that was opened before, among the fields (``token_of``)."""
        return self._ask("POST", address, urlencode(fields))

    def page(self, address: str) -> Answer:
        """A page that must be there. Raises NotServed where it is not."""
        answer = self.get(address)
        if answer.status != 200:
            raise NotServed(f"{address} answered {answer.status} {answer.location}".rstrip())
        return answer

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, content, response.headers.get("Location") or "")


def token_of(form: Answer) -> str:
    """The hidden token of the first form of a page."""
    found = TOKEN.search(form.text)
    if found is None:
        raise NotServed("The page holds no form.")
    return found[1]


def sign_in(server: Server, email: str) -> Visitor:
    """Raises NotServed where the person is not let in."""
    visitor = Visitor(server)
    address = visitor.get("/").location
    form = visitor.page(address)
    fields = {"csrfmiddlewaretoken": token_of(form), "login": email, "password": PASSWORD}
    answer = visitor.post(address, fields)
    if answer.status != 302 or "sessionid" not in visitor.cookies:
        raise NotServed(f"{email} was not let in: {answer.status}")
    return visitor
