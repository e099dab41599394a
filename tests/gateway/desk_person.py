"""A member of staff with a browser of their own, as tests need one."""

import re
from typing import Any

from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from database.base import now
from database.engine import transaction
from desk import staff
from desk.models import Staff
from gateway.parts import Parts

PASSWORD = "seven quiet herons"


class Person:
    """Signed in with the role given, or not yet."""

    def __init__(self, parts: Parts, client: TestClient, login: str, role: str) -> None:
        self.parts = parts
        self.login = login
        self.browser = TestClient(client.app, raise_server_exceptions=False, follow_redirects=False)
        self.id = account(parts, login, role)

    def sign_in(self, password: str = PASSWORD, **more: Any) -> Response:
        """Return the response to the sign-in form."""
        return self.browser.post("/desk/sign-in", data={"login": self.login, "password": password} | more)

    def see(self, path: str, **more: Any) -> Response:
        """Return a page."""
        return self.browser.get(path, **more)

    @property
    def csrf_token(self) -> str:
        """The token that every page of this session carries."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.see("/desk/password").text)
        assert found
        return found.group(1)

    def do(self, path: str, **form: Any) -> Response:
        """Return the response to a form of a page."""
        return self.browser.post(path, data={"csrf_token": self.csrf_token} | form)


def account(parts: Parts, login: str, role: str) -> int:
    """Return the id of an account with this login; made if it is not there."""
    with transaction(parts.storage.engine) as session:
        known = session.scalar(select(Staff).filter_by(login=login))
        if known is None:
            known = staff.create(session, login=login, name=login.capitalize(), role=role, password=PASSWORD, by=None, at=now())
        known.must_change_password, known.is_active, known.role = False, True, role
        session.flush()
        return known.id


def person(parts: Parts, client: TestClient, login: str, role: str) -> Person:
    """Return somebody who is signed in."""
    somebody = Person(parts, client, login, role)
    assert somebody.sign_in().status_code == 303
    return somebody
