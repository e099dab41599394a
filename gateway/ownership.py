"""Who answers in a conversation: the bot, nobody yet (`waiting`), or a person (`staff`).

Our table is the truth, and it is asked before Rasa. Every change tells the visitor what happens next, in the transaction of
the change. Callers commit, then wake who watches (`Hub.notify` with the conversation's id, and with `DESK`).
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from desk.dialogues import dialogue_id
from desk.models import Handoff
from gateway import conversations, erasures, lines, messages
from gateway.models import Conversation
from gateway.schemas import MessageView, Owner, Sender


def tell(session: Session, conversation_id: str, line: str, reply_to: str | None = None) -> MessageView:
    """Commit a line of the system.

    Raises:
        AccessRefused: the conversation was erased.
    """
    locked = conversations.lock(session, conversation_id, adding=1)
    return messages.add_line(session, conversation_id, locked.last_seq + 1, Sender.SYSTEM, line, reply_to)


def set_owner(session: Session, conversation_id: str, owner: Owner, line: str | None, reply_to: str | None = None) -> MessageView | None:
    """Commit who answers from now on; return the line that the visitor is told, None for none.

    A turn of the bot that is under way stays without words (`turns.finish`). Raises as `tell`.
    """
    conversations.lock(session, conversation_id)
    session.execute(update(Conversation).where(Conversation.id == conversation_id).values(owner=owner))
    return tell(session, conversation_id, line, reply_to) if line else None


def hand_back(session: Session, conversation_id: str, line: str | None = None) -> MessageView:
    """Let the bot answer again, in a new episode: it remembers nothing of the time before, so the old handoff is over for it.

    Raises as `tell`.
    """
    said = tell(session, conversation_id, line or lines.handed_back())
    locked = conversations.lock(session, conversation_id)
    erasures.note(session, dialogue_id(conversation_id, locked.episode))
    fresh = {"owner": Owner.BOT, "episode": locked.episode + 1, "episode_after_seq": locked.last_seq}
    session.execute(update(Conversation).where(Conversation.id == conversation_id).values(**fresh))
    return said


def on_claimed(session: Session, handoff: Handoff, staff_name: str) -> None:
    """Tell that somebody has it. A live chat is theirs from now on; else the bot goes on answering until they write."""
    if handoff.conversation_id is None:
        return
    if handoff.channel == "live":
        set_owner(session, handoff.conversation_id, Owner.STAFF, lines.joined(staff_name))
    else:
        tell(session, handoff.conversation_id, lines.claimed(staff_name, handoff.promise))


def on_released(session: Session, handoff: Handoff, *, minutes: int) -> None:
    """Tell that it waits for somebody else; `minutes` is how long a live chat waits."""
    if handoff.conversation_id is None:
        return
    if handoff.channel == "live":
        set_owner(session, handoff.conversation_id, Owner.WAITING, lines.released(minutes))
    else:
        set_owner(session, handoff.conversation_id, Owner.BOT, lines.put_back(handoff.reference, handoff.promise))


def on_snoozed(session: Session, handoff: Handoff) -> None:
    """Tell that it is not forgotten. The bot answers in the meantime."""
    if handoff.conversation_id is not None:
        set_owner(session, handoff.conversation_id, Owner.BOT, lines.snoozed(handoff.reference))


def on_called(session: Session, handoff: Handoff) -> None:
    """Tell that the clinic has called."""
    if handoff.conversation_id is not None:
        tell(session, handoff.conversation_id, lines.called(handoff.reference))


def on_resolved(session: Session, handoff: Handoff, outcome: str, staff_name: str | None = None) -> None:
    """Tell that it is finished. A new episode begins, also where the bot never was silent: a closed handoff is closed for it too."""
    if handoff.conversation_id is None:
        return
    line = lines.handed_back(staff_name) if outcome == "handed_back" else lines.resolved(handoff.reference, outcome)
    hand_back(session, handoff.conversation_id, line)


def on_reopened(session: Session, handoff: Handoff) -> None:
    """Tell that it is taken up again."""
    if handoff.conversation_id is not None:
        tell(session, handoff.conversation_id, lines.reopened(handoff.reference))
