"""The page docs/results/handoffs.md."""

from __future__ import annotations

from collections import Counter

from evaluation.handoffs.outcome import Outcome


def page_of(outcome: Outcome, seed: int) -> str:
    """Return the page."""
    events = Counter(event["event_id"] for event in outcome.received.events)
    mails = Counter(name for names in outcome.received.mails for name in names)
    answered = [each for each in outcome.told if each.references]
    figures = {
        "visitors": len(outcome.told),
        "of them told a reference number": len(answered),
        "of them after the assistant's form was filled in": sum(each.has_form for each in answered),
        "sent the card once more after the reply": sum(len(each.references) > 1 for each in answered),
        "calls that failed and were made again": sum(each.retries for each in outcome.told),
        "handoffs in the database": len(outcome.stored.references),
        "events that came by webhook": events.total(),
        "of them a second time, with the same id": events.total() - len(events),
        "e-mails that came": mails.total(),
        "of them a second time": mails.total() - len(mails),
    }
    rows = [
        "# Handoffs while processes are killed",
        "",
        "Written by `python -m evaluation.verify_handoffs` (`make verify-handoffs`): visitors file handoffs over HTTP and try again as",
        "the widget does, while `kill -9` hits the gateway, the action server, Rasa and the delivery worker at random moments. Each is",
        "started again as the supervisor would. Half of the visitors talk to the assistant before. Every second kill waits for a contact",
        "card on its way when it is the gateway's, and for an event when it is the worker's. At the end every reference number that a",
        "visitor saw must exist once and must have come by webhook and by e-mail; nothing may have come that does not exist; no request",
        "may have two handoffs, no chat two confirmations; and the audit must be whole.",
        "",
        f"Seed {seed}, {sum(outcome.kills.values())} kills, {outcome.seconds:.0f} seconds until all was delivered.",
        "",
        "| killed | times |",
        "|---|---|",
        *(f"| {name} | {count} |" for name, count in sorted(outcome.kills.items())),
        "",
        "| what | number |",
        "|---|---|",
        *(f"| {what} | {number:,} |" for what, number in figures.items()),
        "",
        f"Faults: {len(outcome.faults)}.",
        *(f"- {fault}" for fault in outcome.faults[:20]),
    ]
    return "\n".join(rows) + "\n"
