"""One message from its arrival to the replies: store, wait for the turn, look for an emergency, ask Rasa, store, tell.

Where nobody can answer, the visitor gets what to do instead; a stored message never stays without a reply.
"""

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from database.base import now
from desk import escalation
from gateway import aftercare, conversations, erasures, intake, messages, turns
from gateway.errors import AccessRefused, BotUnavailable
from gateway.hub import DESK, Hub
from gateway.intake import Accepted, Posted
from gateway.metrics import Metrics
from gateway.packets import URGENCIES
from gateway.rasa_client import RasaClient
from gateway.replies import Reply, emergency, removed, unavailable, with_numbers
from gateway.schemas import MessageView, StartedConversation
from gateway.settings import Settings
from gateway.storage import Storage
from gateway.turns import Question
from knowledge.clinic import Clinic
from language.red_flags import RedFlag, Screen

LEASE_MARGIN_SECONDS = 4.0
"""What a turn may take over Rasa's time-out before another process may think it lost."""

POLL_SECONDS = 0.1
"""How often a waiting message looks whether another process has given the turn back."""

log = structlog.get_logger("gateway.chat")


@dataclass(frozen=True)
class Chat:
    """The parts that a message passes through."""

    settings: Settings
    clinic: Clinic
    storage: Storage
    rasa: RasaClient
    hub: Hub
    metrics: Metrics
    screen: Screen

    @property
    def lease_seconds(self) -> float:
        """How long a turn is held at most."""
        return self.settings.rasa_timeout_seconds + LEASE_MARGIN_SECONDS

    async def start(self, greeting: Reply) -> StartedConversation:
        """Store a new conversation with its greeting."""

        def work(session: Session) -> StartedConversation:
            conversation_id, token = conversations.start(session)
            conversations.lock(session, conversation_id, adding=1)
            first = messages.add_of_bot(session, conversation_id, 1, greeting)
            return StartedConversation(conversation_id=conversation_id, token=token, messages=[first])

        started = await self.storage.write_soon(work)
        self.metrics.conversations.inc()
        return started

    async def post(self, conversation_id: str, posted: Posted) -> list[MessageView]:
        """Return the replies to a message; the same ones when it is posted again. Empty when staff will answer.

        Raises:
            RequestRefused: as `intake.accept`.
            StorageUnavailable: nothing is stored; the same post can be sent again.
        """
        with self.metrics.stage("store"):
            accepted = await self.storage.write_soon(
                lambda session: intake.accept(session, conversation_id, posted, lease_seconds=self.lease_seconds)
            )
        self.hub.notify(conversation_id)
        accepted = await self._wait_for_turn(accepted)
        if accepted.replies is None:
            return await self._answer(accepted)
        return accepted.replies or await self._leave_to_staff(accepted.question)

    async def _leave_to_staff(self, question: Question) -> list[MessageView]:
        """Wake the desk. An emergency does not wait for a person: it is answered at once, and the desk sees that it is urgent."""
        flag = self._flag(question)
        replies = _with_notice(question, [emergency(flag.reply)] if flag else [], offers_card=False)
        stored = await self.storage.write(lambda session: _interject(session, question, replies, flag)) if replies else []
        self.hub.notify(question.conversation_id)
        self.hub.notify(DESK)
        return stored

    async def _wait_for_turn(self, accepted: Accepted) -> Accepted:
        """Wait while earlier messages are answered, at most for the time that Rasa has for one."""
        if accepted.has_turn or accepted.replies is not None:
            return accepted
        question = accepted.question
        deadline = asyncio.get_running_loop().time() + self.settings.rasa_timeout_seconds
        with self.metrics.stage("wait"), self.hub.watch(question.conversation_id) as changed:
            while not accepted.has_turn and accepted.replies is None and asyncio.get_running_loop().time() < deadline:
                await _wait(changed, POLL_SECONDS)
                accepted = await self._try_again(question) or accepted
        return accepted

    async def _try_again(self, question: Question) -> Accepted | None:
        """Read first: of many who wait, one gets the turn, and the others need not queue up to write."""
        lease = self.lease_seconds
        if not await self.storage.read(lambda session: turns.may_take(session, question, lease_seconds=lease)):
            return None
        return await self.storage.write_soon(lambda session: intake.resume(session, question, lease_seconds=lease))

    async def _answer(self, accepted: Accepted) -> list[MessageView]:
        question = accepted.question
        flag = self._flag(question)
        said = [emergency(flag.reply)] if flag else await self._ask(question, has_turn=accepted.has_turn)
        replies = _with_notice(question, said, offers_card=True)
        try:
            with self.metrics.stage("save"):
                stored = await self.storage.write_soon(lambda session: _finish(session, question, replies, flag, self.clinic))
        except AccessRefused:
            await self.storage.write(lambda session: erasures.note(session, question.dialogue_id))
            raise
        self.hub.notify(question.conversation_id)
        if flag:
            self.hub.notify(DESK)
        self._count(stored)
        return stored

    def _flag(self, question: Question) -> RedFlag | None:
        """The emergency in a message; None else. Rasa is not asked about one, and need not even run."""
        flag = self.screen.check(question.text) if question.kind == "text" else None
        if flag is not None:
            self.metrics.red_flags.labels(flag.kind).inc()
        return flag

    async def _ask(self, question: Question, *, has_turn: bool) -> list[Reply]:
        if not question.text:
            return []  # it held nothing but identifiers, and the notice says what became of them
        if not has_turn:
            return self._give_up("no_turn")
        with self.metrics.stage("rasa"):
            try:
                return [with_numbers(reply, self.clinic) for reply in await self.rasa.ask(question)]
            except BotUnavailable as error:
                return self._give_up(error.cause)

    def _give_up(self, cause: str) -> list[Reply]:
        self.metrics.bot_failures.labels(cause).inc()
        log.warning("bot_unavailable", cause=cause)
        return [unavailable(self.clinic, self.settings.public_url)]

    def _count(self, stored: list[MessageView]) -> None:
        self.metrics.messages.inc()
        for message in stored:
            self.metrics.replies.labels(message.kind).inc()


def _finish(session: Session, question: Question, replies: list[Reply], flag: RedFlag | None, clinic: Clinic) -> list[MessageView]:
    stored = turns.finish(session, question, aftercare.without_offers(session, question, replies, clinic))
    if flag:
        escalation.raise_urgency(session, question.conversation_id, URGENCIES[flag.urgency], now())
    return stored


def _interject(session: Session, question: Question, replies: list[Reply], flag: RedFlag | None) -> list[MessageView]:
    stored = turns.interject(session, question, replies)
    if flag:
        escalation.raise_urgency(session, question.conversation_id, URGENCIES[flag.urgency], now())
    return stored


def _with_notice(question: Question, replies: list[Reply], *, offers_card: bool) -> list[Reply]:
    """Add what was taken out of the message before it was stored, last, so that an emergency comes first."""
    is_offered = any(reply.contact_card for reply in replies)
    notice = [removed(question.removed, offers_card=offers_card and not is_offered)] if question.removed else []
    return [*replies, *notice]


async def _wait(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        return
    finally:
        changed.clear()
