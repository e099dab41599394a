"""Handoffs: filed by the gateway, found in the queue, taken and resolved by staff.

`filing` writes them down, `transitions` changes them, `reading` finds them. Nothing here commits.
"""

from desk.handoffs.filing import Filed, NewHandoff, file
from desk.handoffs.reading import (
    DueRow,
    QueueRow,
    by_reference,
    contact_of,
    counts,
    due,
    get,
    of_conversation,
    queue,
    reseal_contacts,
    wishes_of,
)
from desk.handoffs.transitions import (
    MAX_NOTE,
    OUTCOMES,
    claim,
    first_reply,
    hand_back,
    mark_called,
    note,
    release,
    reopen,
    resolve,
    snooze,
    wake_snoozed,
)

__all__ = [
    "MAX_NOTE",
    "OUTCOMES",
    "DueRow",
    "Filed",
    "NewHandoff",
    "QueueRow",
    "by_reference",
    "claim",
    "contact_of",
    "counts",
    "due",
    "file",
    "first_reply",
    "get",
    "hand_back",
    "mark_called",
    "note",
    "of_conversation",
    "queue",
    "release",
    "reopen",
    "reseal_contacts",
    "resolve",
    "snooze",
    "wake_snoozed",
    "wishes_of",
]
