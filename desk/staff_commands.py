"""`python -m desk staff first | add | disable | enable | reset-password`: accounts without a browser, for whoever runs the server."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from sqlalchemy.orm import Session

from database.base import now
from database.engine import open_database, transaction
from database.migrate import check
from database.settings import DatabaseSettings
from desk import passwords, staff
from desk.models import ROLES


def add(commands: Any) -> None:
    """Describe the commands to the parser of `python -m desk`."""
    parser: argparse.ArgumentParser = commands.add_parser("staff", help="staff accounts")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("first", help="create the first administrator, if there is no account at all")
    adding = verbs.add_parser("add", help="add an account; prints its first password")
    adding.add_argument("login")
    adding.add_argument("name", help="as visitors see it in a live chat")
    adding.add_argument("--role", choices=ROLES, default="agent")
    for verb, does in (("disable", "close an account and end its sessions"), ("enable", "open it again")):
        verbs.add_parser(verb, help=does).add_argument("login")
    verbs.add_parser("reset-password", help="print a new password, and end all sessions").add_argument("login")


def run(arguments: argparse.Namespace) -> int:
    """Do one of the commands; errors of `desk` and `database` are the caller's."""
    engine = open_database(DatabaseSettings().database_url)
    check(engine)
    with transaction(engine) as session:
        said = _do(session, arguments)
    if said:
        sys.stdout.write(f"{said}\n")
    return 0


def _do(session: Session, arguments: argparse.Namespace) -> str:
    """Do it; return what is to be printed, after the commit."""
    at = now()
    match arguments.verb:
        case "first":
            password = staff.first_administrator(session, at=at)
            return "" if password is None else _first(password)
        case "add":
            password = passwords.random_password()
            account = staff.create(
                session, login=arguments.login, name=arguments.name, role=arguments.role, password=password, by=None, at=at
            )
            return f"{account.login} can sign in with the password {password}, and has to change it then."
        case "reset-password":
            account = staff.find(session, arguments.login)
            return f"{account.login} has the password {staff.reset_password(session, account, by=None, at=at)} now, and has to change it."
        case verb:
            account = staff.find(session, arguments.login)
            (staff.disable if verb == "disable" else staff.enable)(session, account, by=None, at=at)
            return f"{account.login} {'cannot sign in any more' if verb == 'disable' else 'can sign in again'}."


def _first(password: str) -> str:
    return (
        "The staff desk has its first administrator. This is shown once:\n"
        f"  address   /desk\n  login     {staff.FIRST_LOGIN}\n  password  {password}\n"
        "It has to be changed at the first sign-in (docs/desk.md)."
    )
