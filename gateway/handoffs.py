"""Files what a visitor asks of the clinic. The visitor is told of it in the transaction that commits it, and only then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from database.base import now
from desk import drafts, handoffs, opening
from desk.availability import availability, in_words
from desk.contact import Contact, read_contact
from desk.encryption import Sealer
from desk.handoffs import NewHandoff
from desk.models import Handoff
from desk.wishes import read_wishes
from gateway import conversations, lines, messages, ownership, packets, wishes
from gateway.confirmations import CONSENT, confirmation
from gateway.errors import ConsentMissing, HandoffConflict
from gateway.handoff_schemas import DraftView, FiledView, HandoffOptions, HandoffPost, OpenHandoffView, Promises
from gateway.models import Conversation, Message
from gateway.packets import Packet
from gateway.schemas import HandoffChannel, Owner, WishesView
from knowledge.clinic import Clinic
from language.red_flags import Screen


@dataclass(frozen=True)
class Filing:
    """Reads contact cards and files them.

    Attributes:
        region: country of phone numbers without +.
        live_minutes: how long a live chat waits for somebody to join.
        targets: who is told of a handoff: `email`, `webhook`.
    """

    clinic: Clinic
    sealer: Sealer
    screen: Screen
    region: str
    live_minutes: int
    targets: tuple[str, ...] = ()

    def file(self, session: Session, conversation_id: str, post: HandoffPost) -> FiledView:
        """Commit a handoff with the visitor's confirmation; return the stored one when it was filed before.

        Raises:
            AccessRefused: the conversation was erased.
            ConsentMissing, ContactInvalid, WishInvalid: with the field, and words for the visitor.
            HandoffConflict: the same `client_request_id` with other content.
        """
        if not post.consent:
            raise ConsentMissing
        contact = read_contact(post.name, post.phone, post.email, self.region, keep_email=post.keep_email)
        conversations.lock(session, conversation_id)  # of two at once, the second finds what the first has filed
        known = find(session, conversation_id, str(post.client_request_id))
        if known is not None:
            self._check_same(known, post, contact)
            return stored_reply(session, known)
        return self._file(session, conversation_id, post, contact, now())

    def _file(self, session: Session, conversation_id: str, post: HandoffPost, contact: Contact, at: datetime) -> FiledView:
        draft = drafts.read(session, conversation_id)
        said = (draft.wishes if draft else {}) | wishes.posted(post.wishes)
        wished = read_wishes(said, now=at, clinic=self.clinic)
        packet = packets.collect(session, conversation_id, self.screen)
        channel = self._possible(session, post.channel, at)
        reason = _reason(packet, draft.reason if draft else None, channel)
        new = NewHandoff(
            conversation_id=conversation_id,
            client_request_id=str(post.client_request_id),
            channel=channel,
            reason=reason,
            urgency=packet.urgency,
            topic=packet.topic,
            procedure=packet.procedure,
            wishes=wished,
            contact=contact,
            answers_shown=packet.answers_shown,
            unanswered=packet.unanswered,
            transcript=packet.transcript,
            consent_at=at,
        )
        filed = handoffs.file(session, new, clinic=self.clinic, sealer=self.sealer, targets=self.targets, at=at)
        handoff = session.get_one(Handoff, filed.handoff_id)
        if filed.is_new:
            self._confirm(session, handoff)
        drafts.discard(session, conversation_id)
        return stored_reply(session, handoff)

    def _possible(self, session: Session, channel: HandoffChannel, at: datetime) -> HandoffChannel:
        """Nobody waits in a chat where nobody can come: that becomes a call, and the reply says so."""
        if channel is HandoffChannel.LIVE and not availability(session, self.clinic, at).is_live_possible:
            return HandoffChannel.CALLBACK
        return channel

    def _confirm(self, session: Session, handoff: Handoff) -> None:
        """The confirmation has the handoff's own id, so that it is found again and there is one alone."""
        assert handoff.conversation_id is not None
        locked = conversations.lock(session, handoff.conversation_id, adding=1)
        reply = confirmation(handoff, self.clinic)
        messages.add_of_bot(session, locked.id, locked.last_seq + 1, reply, id=handoff.id)
        if handoff.channel == HandoffChannel.LIVE:
            ownership.set_owner(session, locked.id, Owner.WAITING, lines.waiting(self.live_minutes), reply_to=handoff.id)

    def _check_same(self, known: Handoff, post: HandoffPost, contact: Contact) -> None:
        """A wish that the card left out came from the conversation, and is not compared."""
        said = wishes.posted(post.wishes)
        wished = read_wishes(said, now=known.created_at, clinic=self.clinic).as_json()
        stored = {name: text for name, text in known.wishes.items() if name in said}
        shown = {name: text for name, text in wished.items() if name in said}
        if handoffs.contact_of(known, self.sealer) != contact or stored != shown:
            raise HandoffConflict

    def options(self, session: Session, conversation_id: str) -> HandoffOptions:
        """Return how the clinic can be asked now, and what was collected so far."""
        at = now()
        state = availability(session, self.clinic, at)
        draft = drafts.read(session, conversation_id)
        open_one = newest_open(session, conversation_id)
        owner = session.scalar(select(Conversation.owner).where(Conversation.id == conversation_id))
        return HandoffOptions(
            channels=[HandoffChannel(name) for name in state.channels],
            is_open=state.is_open,
            next_opening=None if state.is_open else in_words(self.clinic, opening.next_opening(self.clinic, at)),
            hours=opening.describe_hours(self.clinic),
            promises=Promises(**{channel: opening.promise(self.clinic, at, channel).text for channel in HandoffChannel}),
            draft=DraftView(channel=HandoffChannel(draft.channel), wishes=WishesView.model_validate(draft.wishes)) if draft else None,
            consent=CONSENT.format(clinic=self.clinic.name),
            owner=Owner(owner or Owner.BOT),
            handoff=OpenHandoffView.model_validate(open_one, from_attributes=True) if open_one else None,
        )


def _reason(packet: Packet, collected: str | None, channel: HandoffChannel) -> str:
    """Why somebody is asked for, gravest first."""
    if packet.urgency != "routine":
        return "red_flag"
    if collected:
        return collected
    if packet.is_bot_down:
        return "unavailable"
    return "appointment" if channel is HandoffChannel.APPOINTMENT else "requested"


def find(session: Session, conversation_id: str, client_request_id: str) -> Handoff | None:
    """Return what was filed under a `client_request_id`."""
    return session.scalar(select(Handoff).filter_by(conversation_id=conversation_id, client_request_id=client_request_id))


def newest_open(session: Session, conversation_id: str) -> Handoff | None:
    """Return the newest handoff of a conversation that is not resolved."""
    own = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.state != "resolved")
    return session.scalar(own.order_by(Handoff.created_at.desc()).limit(1))


def stored_reply(session: Session, handoff: Handoff) -> FiledView:
    """Return what the visitor was told when the handoff was filed."""
    told = select(Message).where(or_(Message.id == handoff.id, Message.reply_to == handoff.id)).order_by(Message.seq)
    shown: dict[str, Any] = {"reference": handoff.reference, "promise": handoff.promise, "channel": handoff.channel}
    return FiledView(**shown, messages=messages.views(session.scalars(told).all()))
