"""The command line: `python -m desk staff | audit-verify | deliver | reseal | retain | erase-person | export-person | register`."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable

from database.base import now
from database.engine import open_database, transaction
from database.errors import DatabaseError
from database.migrate import check
from database.settings import DatabaseSettings
from desk import audit, data_commands, handoffs, staff_commands
from desk.deliver import Relay
from desk.delivery_settings import load_delivery_settings
from desk.errors import DeskError
from desk.settings import load_desk_settings
from knowledge.clinic import read_clinic
from knowledge.errors import KnowledgeError


def verify_audit(arguments: argparse.Namespace) -> int:
    """Print every place where the audit's chain does not hold; 1 when there is one, or when a noted hash is gone."""
    engine = open_database(DatabaseSettings().database_url)
    check(engine)
    with transaction(engine) as session:
        breaks, newest = audit.verify(session), audit.head(session)
        is_cut = bool(arguments.head) and not audit.has_hash(session, arguments.head)
    for broken in breaks:
        print(broken, file=sys.stderr)
    if is_cut:
        print(f"No entry has the hash {arguments.head}: entries were cut off, or it is of another database.", file=sys.stderr)
    if breaks or is_cut:
        return 1
    print(f"The audit is whole. The newest entry has the hash {newest}; note it elsewhere, and give it as HEAD next time.")
    return 0


def reseal(_: argparse.Namespace) -> int:
    """Seal all contacts with the first key, in batches; then the other keys can be taken away."""
    settings = load_desk_settings()
    engine, sealer = open_database(settings.database_url), settings.sealer()
    check(engine)
    after: str | None = ""
    while after is not None:
        with transaction(engine) as session:
            after = handoffs.reseal_contacts(session, sealer, after)
    print("All contacts are sealed with the first key of FRONTDESK_CONTACT_KEYS.")
    return 0


def deliver(_: argparse.Namespace) -> int:
    """Bring events to e-mail and webhook until SIGTERM."""
    settings, delivery = load_desk_settings(), load_delivery_settings()
    engine, stopped = open_database(settings.database_url), threading.Event()
    check(engine)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    Relay(engine, delivery, read_clinic(settings.clinic_file), settings.sealer(), now).run(stopped)
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "audit-verify": verify_audit,
    "deliver": deliver,
    "reseal": reseal,
    "staff": staff_commands.run,
    **data_commands.COMMANDS,
}


def main() -> int:
    """Run one command; faults go to standard error, and the exit status is 1."""
    parser = argparse.ArgumentParser(prog="desk", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("audit-verify", help="check that no entry of the audit was changed")
    verifying.add_argument("--head", help="a hash that was noted before, to see whether entries were cut off")
    commands.add_parser("deliver", help="bring handoffs to e-mail and webhook, until it is told to stop")
    commands.add_parser("reseal", help="seal all contacts with the first key")
    data_commands.add(commands)
    staff_commands.add(commands)
    arguments = parser.parse_args()
    try:
        return COMMANDS[arguments.command](arguments)
    except (DeskError, DatabaseError, KnowledgeError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
