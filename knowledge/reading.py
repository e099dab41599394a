"""Reads the knowledge files into `Content`, or reports every fault with file and line."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.content import Answer, AnswerFile, Content, Fact, ListedSource, Procedure, Topic
from knowledge.errors import ContentInvalid, Problem

Model = TypeVar("Model", bound=BaseModel)

Place = tuple[Any, ...]
"""Where in a file a value stands: keys and list positions from the top."""


def read_content(folder: Path) -> Content:
    """Read `folder` with `topics.yml`, `procedures.yml`, `sources.yml`, `facts.yml` and `answers/**`.

    Raises:
        ContentInvalid: with all faults of form; `knowledge.checks` finds those across files.
    """
    problems: list[Problem] = []
    content = Content(
        topics=_read_list(folder / "topics.yml", Topic, problems),
        procedures=_read_list(folder / "procedures.yml", Procedure, problems),
        sources=_read_list(folder / "sources.yml", ListedSource, problems),
        facts=_read_list(folder / "facts.yml", Fact, problems),
        answers=_read_answers(folder / "answers", problems),
    )
    if problems:
        raise ContentInvalid(problems)
    return content


def _read_answers(folder: Path, problems: list[Problem]) -> tuple[Answer, ...]:
    files = sorted(folder.rglob("*.yml"))
    if not files:
        problems.append(Problem(folder, 1, "has no answers"))
    answers = (_read_answer(file, problems) for file in files)
    return tuple(answer for answer in answers if answer is not None)


def _read_answer(file: Path, problems: list[Problem]) -> Answer | None:
    document = _load(file, problems)
    if document is None:
        return None
    value, lines = document
    try:
        written = AnswerFile.model_validate(value)
    except ValidationError as error:
        problems.extend(_faults(file, lines, error))
        return None
    own = [(phrasing, file, lines.get(("phrasings", i), 1)) for i, phrasing in enumerate(written.phrasings)]
    every = own + _read_phrasings(phrasings_file(file), problems)
    return Answer(
        file=file,
        written=written,
        phrasings=tuple(phrasing for phrasing, _, _ in every),
        lines={str(place[0]): line for place, line in lines.items() if len(place) == 1},
        phrasing_places=tuple((path, line) for _, path, line in every),
    )


def phrasings_file(answer_file: Path) -> Path:
    """Return the file beside `answer_file` that holds its phrasings, one a line."""
    return answer_file.with_name(f"{answer_file.stem}.phrasings.txt")


def _read_phrasings(file: Path, problems: list[Problem]) -> list[tuple[str, Path, int]]:
    if not file.exists():
        return []
    try:
        written = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file, 1, f"cannot be read: {error}"))
        return []
    lines = ((line.strip(), file, number) for number, line in enumerate(written, start=1))
    return [(line, path, number) for line, path, number in lines if line and not line.startswith("#")]


def _read_list(file: Path, model: type[Model], problems: list[Problem]) -> tuple[Model, ...]:
    document = _load(file, problems)
    if document is None:
        return ()
    value, lines = document
    try:
        return TypeAdapter(tuple[model, ...]).validate_python(value)  # type: ignore[valid-type]
    except ValidationError as error:
        problems.extend(_faults(file, lines, error))
        return ()


def _load(file: Path, problems: list[Problem]) -> tuple[Any, dict[Place, int]] | None:
    try:
        loader = yaml.SafeLoader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        lines = _line_of_each(node) if node else {}
        return (loader.construct_document(node) if node else None), lines
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or error
        problems.append(Problem(file, mark.line + 1 if mark else 1, f"cannot be read: {what}"))
        return None


def _line_of_each(node: yaml.Node, place: Place = ()) -> dict[Place, int]:
    lines = {place: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines |= _line_of_each(value, (*place, key.value))
            lines[(*place, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines |= _line_of_each(value, (*place, index))
    return lines


def _faults(file: Path, lines: dict[Place, int], error: ValidationError) -> list[Problem]:
    return [Problem(file, _nearest(lines, fault["loc"]), _explain(fault)) for fault in error.errors()]


def _nearest(lines: dict[Place, int], place: Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _explain(fault: Any) -> str:
    key = ".".join(map(str, fault["loc"])) or "file"
    if fault["type"] == "extra_forbidden":
        return f"unknown key `{key}`"
    if fault["type"] == "missing":
        return f"`{key}` is missing"
    return f"`{key}`: {fault['msg'][0].lower()}{fault['msg'][1:]}"
