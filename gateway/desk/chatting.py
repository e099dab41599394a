"""What a person may write into a chat, and where."""

from desk.errors import HandoffNotFound, TransitionRefused
from desk.models import Handoff
from desk.sign_in import SignedIn
from gateway.desk.errors import ReplyEmpty, ReplyTooLong
from language.text import clean

MAX_REPLY = 2000
MAX_FORM_BYTES = 32_768
"""A reply or note of MAX_REPLY characters that are none of ASCII takes nine bytes each in a form."""


def read_reply(text: str) -> str:
    """Return a reply cleaned line by line: approved answers have paragraphs.

    Raises:
        ReplyEmpty: nothing readable is left.
        ReplyTooLong: more than MAX_REPLY characters.
    """
    lines = "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n")).strip()
    if not lines:
        raise ReplyEmpty
    if len(lines) > MAX_REPLY:
        raise ReplyTooLong
    return lines


def require_own(handoff: Handoff, person: SignedIn, verb: str) -> None:
    """Refuse what only the one may do who has claimed the handoff.

    Raises:
        TransitionRefused: nobody has claimed it.
    """
    if handoff.claimed_by != person.staff_id or handoff.state != "claimed":
        raise TransitionRefused(handoff.state, verb)


def require_chat(handoff: Handoff, person: SignedIn) -> str:
    """Return the conversation of a handoff that this person has claimed.

    Raises:
        TransitionRefused: it is not claimed. HandoffNotFound: it has no conversation, or it was erased.
    """
    require_own(handoff, person, "reply")
    if handoff.conversation_id is None:
        raise HandoffNotFound
    return handoff.conversation_id
