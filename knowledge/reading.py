"""Reads the knowledge files into `Content`, or reports every fault with file and line."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.content import Answer, AnswerFile, Content, Fact, Insurer, ListedSource, Procedure, Topic
from knowledge.errors import ContentInvalid, Problem

Model = TypeVar("Model", bound=BaseModel)

Place = tuple[Any, ...]
"""Where in a file a value stands: keys and list positions from the top."""

Places = dict[tuple[str, str], tuple[Path, int]]
"""File and line of each entry of the lists, by file name and id."""


_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C is four times as fast; it is missing where PyYAML was built without it."""


class _Loader(_Fastest):  # type: ignore[misc]
    """Leaves dates as text, so that one that does not exist (30 February) is a fault with a line like any other."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_content(folder: Path) -> Content:
    """Read `folder` with `topics.yml`, `procedures.yml`, `insurers.yml`, `sources.yml`, `facts.yml` and `answers/**`.

    Raises:
        ContentInvalid: with all faults of form; `knowledge.checks` finds those across files.
    """
    problems: list[Problem] = []
    places: Places = {}
    content = Content(
        topics=_read_list(folder / "topics.yml", Topic, problems, places),
        procedures=_read_list(folder / "procedures.yml", Procedure, problems, places),
        insurers=_read_list(folder / "insurers.yml", Insurer, problems, places),
        sources=_read_list(folder / "sources.yml", ListedSource, problems, places),
        facts=_read_list(folder / "facts.yml", Fact, problems, places),
        answers=_read_answers(folder / "answers", problems),
        places=places,
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


def _read_list(file: Path, model: type[Model], problems: list[Problem], places: Places) -> tuple[Model, ...]:
    document = _load(file, problems)
    if document is None:
        return ()
    value, lines = document
    try:
        entries: tuple[Model, ...] = TypeAdapter(tuple[model, ...]).validate_python(value)  # type: ignore[valid-type]
    except ValidationError as error:
        problems.extend(_faults(file, lines, error))
        return ()
    _note_places(file, lines, [str(entry["id"]) for entry in value], problems, places)
    return entries


def _note_places(file: Path, lines: dict[Place, int], ids: list[str], problems: list[Problem], places: Places) -> None:
    for number, identifier in enumerate(ids):
        key = (file.name, identifier)
        if key in places:
            problems.append(Problem(file, lines[(number,)], f"`{identifier}` is listed twice, first in line {places[key][1]}"))
        places.setdefault(key, (file, lines[(number,)]))


def _load(file: Path, problems: list[Problem]) -> tuple[Any, dict[Place, int]] | None:
    try:
        loader = _Loader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        lines = _line_of_each(node) if node else {}
        return (loader.construct_document(node) if node else None), lines
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or error
        problems.append(Problem(file, mark.line + 1 if mark else 1, f"cannot be read: {what}"))
        return None
    except RecursionError:
        problems.append(Problem(file, 1, "cannot be read: a part of it refers to itself"))
        return None


def _line_of_each(node: yaml.Node, place: Place = ()) -> dict[Place, int]:
    lines = {place: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            at = (*place, _name_of(key))
            if at in lines:
                raise yaml.MarkedYAMLError(problem=f"`{key.value}` is given twice", problem_mark=key.start_mark)
            lines |= _line_of_each(value, at)
            lines[at] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines |= _line_of_each(value, (*place, index))
    return lines


def _name_of(key: yaml.Node) -> str:
    if not isinstance(key, yaml.ScalarNode):
        raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=key.start_mark)
    return str(key.value)


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
