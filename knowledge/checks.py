"""What must hold across the knowledge files; each fault is reported with file and line."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.content import Answer, Content, Source
from knowledge.errors import ContentInvalid, Problem
from knowledge.reading import read_content
from knowledge.reading_grade import reading_grade
from language.text import comparable

MIN_PHRASINGS = 10
"""Source: docs/knowledge.md. Fewer find too little: docs/results/ has the curve."""

MAX_TEXT_WORDS = 120
"""Source: docs/knowledge.md."""

MAX_SCRIPT_WORDS = 40
"""Read aloud in 15 seconds at 160 words a minute. Source: docs/knowledge.md."""

MAX_READING_GRADE = 8.0
"""Source: docs/knowledge.md; names of procedures and the words in `MEDICAL_WORDS` are not counted."""

MEDICAL_WORDS = (
    "anesthesia anesthesiologist anesthetic appointment authorization electrical evaluation eyelid facial hospital insurance "
    "medical medicine movement muscle neuromuscular occupational operation paralysis paralyzed physical procedure "
    "reconstructive recovery retraining surgery surgeries surgeon symmetry therapist therapy therapies transfer university"
).split()
"""Words that a text on this subject cannot do without."""

PLACES = (
    "johns hopkins,mass eye and ear,moorfields,pittsburgh,singapore,stanford,washington university,wisconsin,university of miami"
).split(",")

Check = Callable[[Content], Iterator[Problem]]


def read_checked(folder: Path) -> Content:
    """Read the knowledge files of `folder` and check them all.

    Raises:
        ContentInvalid: with every fault that was found, in the order of files and lines.
    """
    content = read_content(folder)
    problems = [problem for check in CHECKS for problem in check(content)]
    if problems:
        raise ContentInvalid(sorted(problems, key=lambda problem: (str(problem.file), problem.line)))
    return content


def _at(answer: Answer, key: str, text: str) -> Problem:
    return Problem(answer.file, answer.lines.get(key, 1), text)


def _listed_at(content: Content, file: str, identifier: str, text: str) -> Problem:
    place, line = content.places.get((file, identifier), (Path(file), 1))
    return Problem(place, line, text)


def place_is_id(content: Content) -> Iterator[Problem]:
    """The id of an answer is its folder and file name, and its topic is the folder."""
    for answer in content.answers:
        expected = f"{answer.file.parent.name}/{answer.file.stem}"
        if answer.id != expected:
            yield _at(answer, "id", f"id is `{answer.id}`, but the file's place says `{expected}`")
        if answer.written.topic != answer.file.parent.name:
            yield _at(answer, "topic", f"topic is `{answer.written.topic}`, but the folder is `{answer.file.parent.name}`")


def names_are_known(content: Content) -> Iterator[Problem]:
    """Topics and procedures that an answer names exist."""
    topics = {topic.id for topic in content.topics}
    procedures = {procedure.id for procedure in content.procedures}
    for answer in content.answers:
        if answer.written.topic not in topics:
            yield _at(answer, "topic", f"unknown topic `{answer.written.topic}`")
        for procedure in set(answer.written.procedures) - procedures:
            yield _at(answer, "procedures", f"unknown procedure `{procedure}`")


def parents_are_known(content: Content) -> Iterator[Problem]:
    """The parent of a procedure exists."""
    procedures = {procedure.id for procedure in content.procedures}
    for procedure in content.procedures:
        if procedure.parent is not None and procedure.parent not in procedures:
            yield _listed_at(content, "procedures.yml", procedure.id, f"`{procedure.id}` has an unknown parent `{procedure.parent}`")


def listed_facts_have_sources(content: Content) -> Iterator[Problem]:
    """The source of each fact is listed."""
    sources = {source.id for source in content.sources}
    for fact in content.facts:
        if fact.source not in sources:
            yield _listed_at(content, "facts.yml", fact.id, f"fact {fact.id} has an unknown source `{fact.source}`")


def facts_have_sources(content: Content) -> Iterator[Problem]:
    """Facts exist, and the source of each fact is among the answer's sources."""
    listed = {source.id: Source(**source.model_dump(exclude={"id"})) for source in content.sources}
    source_of = {fact.id: listed.get(fact.source) for fact in content.facts}
    for answer in content.answers:
        for fact in answer.written.facts:
            if fact not in source_of:
                yield _at(answer, "facts", f"unknown fact `{fact}`")
            elif source_of[fact] is not None and source_of[fact] not in answer.written.sources:
                yield _at(answer, "sources", f"missing source of fact {fact}: {source_of[fact]!r}")


def phrasings_are_enough(content: Content) -> Iterator[Problem]:
    """Each answer has enough phrasings."""
    for answer in content.answers:
        if len(answer.phrasings) < MIN_PHRASINGS:
            yield _at(answer, "question", f"{len(answer.phrasings)} phrasings; at least {MIN_PHRASINGS} are needed")


def phrasings_are_unique(content: Content) -> Iterator[Problem]:
    """No phrasing is claimed twice, whatever its signs and capitals."""
    claims: dict[str, list[tuple[str, Path, int]]] = defaultdict(list)
    for answer in content.answers:
        for phrasing, (file, line) in zip(answer.phrasings, answer.phrasing_places, strict=True):
            claims[comparable(phrasing) or phrasing].append((answer.id, file, line))
    for phrasing, claimed in claims.items():
        for identifier, file, line in claimed[1:]:
            yield Problem(file, line, f"`{identifier}` claims the phrasing `{phrasing}`, as does `{claimed[0][0]}`")


def texts_are_short(content: Content) -> Iterator[Problem]:
    """Text and script keep their lengths."""
    for answer in content.answers:
        for key, limit in (("text", MAX_TEXT_WORDS), ("script", MAX_SCRIPT_WORDS)):
            count = len(getattr(answer.written, key).split())
            if count > limit:
                yield _at(answer, key, f"{key} has {count} words; at most {limit} are allowed")


def texts_are_plain(content: Content) -> Iterator[Problem]:
    """The text is easy to read, and has nothing but paragraphs, lists and links."""
    names = (*MEDICAL_WORDS, *PLACES, *(term for procedure in content.procedures for term in (procedure.name, *procedure.terms)))
    for answer in content.answers:
        grade = reading_grade(answer.written.text, known=names)
        if grade > MAX_READING_GRADE:
            yield _at(answer, "text", f"reading grade {grade:.1f}; at most {MAX_READING_GRADE:.0f} is allowed")
        if any(sign in answer.written.text for sign in ("<", "#", "|", "!", "`")):
            yield _at(answer, "text", "only plain paragraphs, lists and links are allowed, and no exclamation marks")


CHECKS: tuple[Check, ...] = (
    place_is_id,
    names_are_known,
    parents_are_known,
    listed_facts_have_sources,
    facts_have_sources,
    phrasings_are_enough,
    phrasings_are_unique,
    texts_are_short,
    texts_are_plain,
)
