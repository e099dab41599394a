"""Shows which facts the answers carry, and which topics and procedures have no answer."""

from collections import defaultdict
from dataclasses import dataclass

from knowledge.content import Content


@dataclass(frozen=True)
class Coverage:
    """What the answers cover.

    Attributes:
        answers_of_fact: fact number → ids of the answers that rest on it; empty where none does.
        answers_of_cell: (topic, procedure) → ids; the procedure of a general answer is "".
    """

    answers_of_fact: dict[str, list[str]]
    answers_of_cell: dict[tuple[str, str], list[str]]

    @property
    def uncovered(self) -> list[str]:
        """Facts that no answer carries."""
        return [fact for fact, answers in self.answers_of_fact.items() if not answers]


def measure_coverage(content: Content) -> Coverage:
    """Return the coverage of all listed facts, and of the cells that hold an answer."""
    facts: dict[str, list[str]] = {fact.id: [] for fact in content.facts}
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for answer in content.answers:
        for fact in answer.written.facts:
            facts[fact].append(answer.id)
        for procedure in answer.written.procedures or ("",):
            cells[answer.written.topic, procedure].append(answer.id)
    return Coverage(facts, dict(cells))
