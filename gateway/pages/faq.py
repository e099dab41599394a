"""The published knowledge as one page, by topic and procedure."""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from gateway.middleware.security_headers import policy
from gateway.pages.markdown import to_html
from knowledge.published import Published, PublishedAnswer

GENERAL = "In general"
EXAMPLES = 3


@dataclass(frozen=True)
class Group:
    """Answers on one procedure within a topic; one on several stands at its first. The general ones come first."""

    name: str
    answers: tuple[PublishedAnswer, ...]


@dataclass(frozen=True)
class Section:
    """One topic."""

    id: str
    name: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many answers it holds."""
        return sum(len(group.answers) for group in self.groups)


@dataclass(frozen=True)
class FaqPage:
    """A page ready to be sent. `policy` allows its data block and nothing more."""

    release_id: int | None
    html: bytes
    gzipped: bytes
    etag: str
    policy: str


def render(templates: Environment, published: Published | None) -> FaqPage:
    """Return the page of a release, also for a clinic that has published nothing."""
    sections = sections_of(published) if published else ()
    data = json_ld(published) if published and published.answers else None
    html = templates.get_template("faq.html").render(sections=sections, data=data, release=published).encode()
    return FaqPage(
        release_id=published.release_id if published else None,
        html=html,
        gzipped=gzip.compress(html, mtime=0),
        etag=f'"{hashlib.sha256(html).hexdigest()[:32]}"',
        policy=policy(script_src=f"'sha256-{_digest(data)}'") if data else policy(),
    )


def sections_of(published: Published) -> tuple[Section, ...]:
    """Return the topics that have answers, in the clinic's order."""
    found = (Section(topic, name, _groups(published, topic)) for topic, name in published.topic_names.items())
    return tuple(section for section in found if section.groups)


def example_questions(sections: tuple[Section, ...]) -> list[str]:
    """Return short questions of the topics with the most answers, for visitors to try."""
    largest = sorted(sections, key=lambda section: -section.count)[:EXAMPLES]
    return [min((answer.question for group in section.groups for answer in group.answers), key=len) for section in largest]


def _groups(published: Published, topic: str) -> tuple[Group, ...]:
    names = {"": GENERAL} | published.procedure_names
    groups: dict[str, list[PublishedAnswer]] = {procedure: [] for procedure in names}
    for answer in published.answers:
        if answer.topic == topic:
            groups[answer.procedures[0] if answer.procedures else ""].append(answer)
    return tuple(Group(names[procedure], tuple(answers)) for procedure, answers in groups.items() if answers)


def json_ld(published: Published) -> Markup:
    """Return the schema.org FAQPage as the text of a data block."""
    page = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [_question(answer) for answer in published.answers]}
    text = json.dumps(page, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _question(answer: PublishedAnswer) -> dict[str, Any]:
    return {"@type": "Question", "name": answer.question, "acceptedAnswer": {"@type": "Answer", "text": str(to_html(answer.text))}}


def _digest(data: str) -> str:
    return base64.b64encode(hashlib.sha256(str(data).encode()).digest()).decode()
