"""The commands of `python -m desk` that delete, erase, export and list personal data (docs/privacy.md)."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict

from database.base import Base, now
from database.engine import open_database, transaction
from database.migrate import check
from desk import register, retention
from desk.export import export_person
from desk.periods import Periods
from desk.persons import By, Sought, erase_person
from desk.settings import load_desk_settings

Command = Callable[[argparse.Namespace], int]


DAY_SECONDS = 24 * 60 * 60.0


def retain(arguments: argparse.Namespace) -> int:
    """Delete what has been kept for long enough, and print how many rows of each table; with --daily again every day."""
    periods = Periods()
    engine = open_database(periods.database_url)
    check(engine)
    while True:
        counts = retention.run(engine, periods, now())
        rows = ", ".join(f"{table} {rows}" for table, rows in sorted(counts.items()))
        print(f"Deleted or emptied, rows by table: {rows}." if rows else "Nothing was kept for too long.", flush=True)
        if not arguments.daily:
            return 0
        time.sleep(DAY_SECONDS)


def erase(arguments: argparse.Namespace) -> int:
    """Erase one person's data and print the receipt, which holds none of it."""
    settings = load_desk_settings()
    engine = open_database(settings.database_url)
    check(engine)
    receipt = erase_person(engine, settings.sealer(), _sought(arguments, settings.phone_region), at=now())
    print(json.dumps(asdict(receipt) | {"erased_at": receipt.erased_at.isoformat()}, indent=1))
    return 0 if receipt.rows else _nothing_found()


def export(arguments: argparse.Namespace) -> int:
    """Print one person's data as JSON."""
    settings = load_desk_settings()
    engine = open_database(settings.database_url)
    check(engine)
    with transaction(engine) as session:
        found = export_person(session, settings.sealer(), _sought(arguments, settings.phone_region), at=now())
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0 if found["conversations"] or found["handoffs"] else _nothing_found()


def list_register(_: argparse.Namespace) -> int:
    """Print every personal column of the desk's tables, and what ends its life."""
    for table, columns in register.personal_columns(Base.metadata).items():
        print(f"{table}: {', '.join(columns)}\n  {register.LIFETIMES[table]}")
    return 0


def _nothing_found() -> int:
    print("Nothing is stored about this person.", file=sys.stderr)
    return 1


def _sought(arguments: argparse.Namespace, region: str) -> Sought:
    ways: tuple[By, ...] = ("reference", "phone", "email", "conversation")
    by = next(way for way in ways if getattr(arguments, way))
    return Sought(by, getattr(arguments, by), region)


COMMANDS: Mapping[str, Command] = {"retain": retain, "erase-person": erase, "export-person": export, "register": list_register}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands for the command line."""
    retaining = commands.add_parser("retain", help="delete what has been kept for long enough")
    retaining.add_argument("--daily", action="store_true", help="now and every day, until it is told to stop")
    commands.add_parser("register", help="list what is personal")
    for name, what in (("erase-person", "erase everything about one person"), ("export-person", "print everything about one person")):
        sought = commands.add_parser(name, help=what).add_mutually_exclusive_group(required=True)
        sought.add_argument("--reference", help="reference number of a handoff: that handoff and its conversation")
        sought.add_argument("--phone", help="phone number: everything that was asked for with it")
        sought.add_argument("--email", help="e-mail address: everything that was asked for with it")
        sought.add_argument("--conversation", help="id of a conversation")
