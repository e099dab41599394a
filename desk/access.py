"""The one door: who may see and do what. Every page asks here, and nowhere else."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from desk.errors import AccessRefused, HandoffChanged
from desk.models import Handoff


class Right(StrEnum):
    """What somebody may do. HANDLE is to read a handoff and its conversation; ACT is to change what one has claimed."""

    OWN_ACCOUNT = "own_account"
    QUEUE = "queue"
    HANDLE = "handle"
    ACT = "act"
    DUTY = "duty"
    ASSIST = "assist"
    FILE = "file"
    GAPS = "gaps"
    STAFF = "staff"
    DELIVERIES = "deliveries"
    AUDIT = "audit"


ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    "agent": frozenset({Right.OWN_ACCOUNT, Right.QUEUE, Right.HANDLE, Right.ACT, Right.DUTY, Right.ASSIST, Right.FILE}),
    "curator": frozenset({Right.OWN_ACCOUNT, Right.ASSIST, Right.GAPS}),
    "admin": frozenset(Right),
}


class Person(Protocol):
    """Somebody signed in."""

    @property
    def staff_id(self) -> int: ...
    @property
    def role(self) -> str: ...


def has(person: Person, right: Right) -> bool:
    """Say whether the person's role has the right at all."""
    return right in ROLE_RIGHTS.get(person.role, frozenset())


def require(person: Person, right: Right, handoff: Handoff | None = None, *, holder: str = "") -> None:
    """Let the person through, or raise.

    Args:
        handoff: what is to be changed, for ACT: who has claimed it may, an administrator may, nobody else.
        holder: the name of who has claimed it, for the words of the refusal.

    Raises:
        AccessRefused: the role does not have the right. Told as if the page did not exist.
        HandoffChanged: somebody else has the handoff now.
    """
    if not has(person, right):
        raise AccessRefused
    if right is Right.ACT and handoff is not None and not _holds(person, handoff):
        raise HandoffChanged(handoff.state, holder)


def _holds(person: Person, handoff: Handoff) -> bool:
    return handoff.state != "claimed" or handoff.claimed_by == person.staff_id or person.role == "admin"
