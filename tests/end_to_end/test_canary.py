"""Marked personal strings go through every path of a real gateway process, and may turn up in the tables made for them alone."""

import shutil
import sqlite3
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from database.base import Base
from database.engine import open_database
from tests.end_to_end.canary import HearingRasa, Process, gateway_process

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

TEXT = "Quetzalword7391"
NAME = "Zebulonname7391"
PHONE, PHONE_STORED = "(312) 555-0177", "5550177"
EMAIL = "xanthemark7391@example.org"
CARD_NAME = "Wilhelminaname7391"
CARD_PHONE, CARD_DIGITS = "312-555-0178", "5550178"
CARD_EMAIL = "vanessamark7391@example.org"
COMMENT = "Ulyssescomment7391"
NOWHERE = ("555-0177", PHONE_STORED, EMAIL, "555-0178", CARD_DIGITS, CARD_NAME, CARD_EMAIL)
"""These stand in no table in clear: typed identifiers are taken out, contacts are sealed."""

IN_TABLES = {
    TEXT: {"messages", "offered_buttons", "unanswered_questions", "handoffs"},
    NAME: {"messages", "offered_buttons", "unanswered_questions", "handoffs"},
    COMMENT: {"feedback"},
}
"""Free text has a place, and no other."""


def do_everything(visitor: Process, rasa: HearingRasa, database: Path) -> None:
    said = f"{TEXT}: I am {NAME}, {PHONE}, {EMAIL}"
    reply = visitor.say(said).json()["messages"][0]
    visitor.call("POST", "/messages", json={"payload": reply["buttons"][0]["payload"], "client_message_id": str(uuid4())})
    visitor.say(f"my face dropped an hour ago {said}")
    visitor.call("POST", "/feedback", json={"message_id": reply["id"], "helpful": False, "comment": f"{COMMENT} {PHONE} {EMAIL}"})
    card = {"client_request_id": str(uuid4()), "name": CARD_NAME, "phone": CARD_PHONE, "email": CARD_EMAIL, "consent": True}
    assert visitor.call("POST", "/handoffs", json=card | {"wishes": {"about": f"{TEXT} {PHONE}"}}).status_code == 201
    refuse_everything(visitor, said, card)
    for rasa.mood in ("fails", "talks nonsense"):
        visitor.say(said)
    rasa.server.shutdown()
    rasa.server.server_close()
    visitor.say(said)
    break_the_database(visitor, said, database, reply["id"])


def refuse_everything(visitor: Process, said: str, card: dict[str, object]) -> None:
    """Everything that is refused, with all marks in every place."""
    same = str(uuid4())
    visitor.say(said, client_message_id=same)
    visitor.say(f"{said} again", client_message_id=same)
    visitor.say(said * 100)
    visitor.say(said, client_message_id=said)
    visitor.say("x", **{said: said})
    visitor.call("POST", "/messages", json={"text": [said], "client_message_id": str(uuid4())})
    visitor.call("POST", "/messages", json={"payload": said[:60], "client_message_id": str(uuid4())})
    visitor.call("POST", "/messages", content=f'{{"text": "{said}'.encode(), headers={"Content-Type": "application/json"})
    visitor.call("POST", "/messages", content=said.encode() * 1000)
    visitor.call("POST", "/feedback", json={"message_id": said[:60], "helpful": said})
    visitor.call("POST", "/handoffs", json=card | {"name": CARD_NAME * 30})
    visitor.call("POST", "/handoffs", json=card | {"phone": f"{CARD_DIGITS}{TEXT}", "email": None, "client_request_id": str(uuid4())})
    visitor.call("POST", "/handoffs", json=card | {"email": f"{CARD_EMAIL}@@", "phone": None, "client_request_id": str(uuid4())})
    visitor.call("POST", "/handoffs", json=card | {"consent": False})
    visitor.call("POST", "/handoffs", json={"name": {CARD_NAME: CARD_EMAIL}})
    visitor.call("GET", "/messages", params={"after": said[:60]})
    visitor.call("GET", f"/{TEXT}/{EMAIL}", params={"q": said})
    visitor.call("GET", "/messages", headers={"Authorization": f"Bearer {TEXT}{NAME}"})
    visitor.call("GET", "/messages", headers={"X-Request-ID": f"{TEXT}<{EMAIL}>"})


def break_the_database(visitor: Process, said: str, database: Path, message_id: str) -> None:
    """Statements fail with everything in their parameters; their errors must not quote it."""
    tables = ("feedback", "messages", "handoffs")
    with sqlite3.connect(database) as connection:
        for table in tables:
            connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    visitor.say(said)
    visitor.call("POST", "/feedback", json={"message_id": message_id, "helpful": False, "comment": f"{COMMENT} {PHONE}"})
    card = {"client_request_id": str(uuid4()), "name": CARD_NAME, "phone": CARD_PHONE, "email": CARD_EMAIL, "consent": True}
    visitor.call("POST", "/handoffs", json=card)
    with sqlite3.connect(database) as connection:
        for table in tables:
            connection.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
    connection.close()


def tables_with(database: Path, mark: str) -> set[str]:
    engine = open_database(f"sqlite:///{database}")
    with engine.connect() as connection:
        found = {
            table.name for table in Base.metadata.sorted_tables for row in connection.execute(select(table)) if mark in repr(tuple(row))
        }
    engine.dispose()
    return found


@pytest.mark.parametrize("level", ["", "debug"])
def test_marks_turn_up_only_where_they_belong(tmp_path: Path, prepared_file: Path, level: str) -> None:
    database = Path(shutil.copy(prepared_file, tmp_path / "frontdesk.db"))
    rasa = HearingRasa()
    environment = {"FRONTDESK_LOG_LEVEL": level} if level else {}
    with gateway_process(tmp_path / "process", database, rasa.address, **environment) as visitor:
        do_everything(visitor, rasa, database)
        metrics = visitor.client.get("/metrics").text
        pages = visitor.client.get("/faq").text + visitor.client.get("/api/ready").text
        visitor_ids = (visitor.id, visitor.token)
    every_mark = (*NOWHERE, *IN_TABLES)
    written = (tmp_path / "process" / "output").read_text()
    assert written, "nothing was logged: the test would see nothing"
    places = {"the log": written, "the metrics": metrics, "a page": pages, "a refusal": "\n".join(visitor.refusals)}
    assert [(mark, place) for place, content in places.items() for mark in every_mark if mark in content] == []
    assert not any(secret in written for secret in visitor_ids)
    assert len(visitor.refusals) >= 20
    assert "frames" not in "\n".join(visitor.refusals)
    assert [(mark, heard) for heard in rasa.heard for mark in (*NOWHERE, COMMENT) if mark in heard] == []
    assert {mark: tables_with(database, mark) for mark in NOWHERE} == dict.fromkeys(NOWHERE, set())
    for mark, tables in IN_TABLES.items():
        assert tables_with(database, mark)
        assert tables_with(database, mark) <= tables
    raw = b"".join(file.read_bytes() for file in tmp_path.rglob("frontdesk.db*"))
    assert [mark for mark in NOWHERE if mark.encode() in raw] == []
    left = [file for file in (tmp_path / "process" / "temporary").rglob("*") if file.is_file()]
    assert [file.name for file in left for mark in every_mark if mark.encode() in file.read_bytes()] == []
