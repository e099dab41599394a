"""Stand-ins for the desk, as the actions see it."""

from dataclasses import dataclass, field
from pathlib import Path

from desk.availability import Availability
from desk.drafts import Draft
from knowledge.clinic import Clinic, read_clinic


@dataclass
class FakeReception:
    """Stands for `desk.reception.Reception`; drafts are kept in `drafts`, by conversation."""

    is_live: bool = False
    clinic: Clinic = field(default_factory=lambda: read_clinic(Path("data/clinic.yml")))
    drafts: dict[str, Draft] = field(default_factory=dict)

    def availability(self) -> Availability:
        return Availability(is_open=self.is_live, is_staffed=self.is_live)

    def opening_line(self) -> str:
        return "" if self.is_live else "The clinic opens on Monday, November 23, at 9:00 AM."

    def promise(self, channel: str) -> str:
        return f"A promise for {channel}."

    def draft(self, conversation_id: str) -> Draft | None:
        return self.drafts.get(conversation_id)

    def keep(self, conversation_id: str, draft: Draft) -> None:
        self.drafts[conversation_id] = draft

    def discard(self, conversation_id: str) -> None:
        self.drafts.pop(conversation_id, None)
