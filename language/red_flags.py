"""The red-flag screen: finds messages of people who need help now, before anything else looks at them.

Plain rules over data/safety/, without Rasa, and behind them a small linear model that only adds alarms. The rules look for signs
(a face that droops, blood that does not stop) beside words of time and person, and drop signs that are denied, long past, only
feared or a figure of speech. Where a sign of the present stands beside a question about what may be, they alarm. Measured in
docs/results/red-flags.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from language.errors import TermsInvalid
from language.red_flag_meaning import Meaning
from language.red_flag_model import MODEL, RedFlagModel, WordGroups
from language.red_flag_patterns import PatternBook, Span, compile_patterns, words_of
from language.red_flag_reading import Reader, Reading, everyday_words

RULES, SIGNS, CUES, WORDS = "red_flags.yml", "red_flag_signs.yml", "red_flag_cues.yml", "red_flag_words.yml"

NEAR = 20
"""Words between a sign and the cue that makes it count, unless the rule says otherwise."""

MOST_CHARACTERS = 4000
"""Only the beginning and the end of a longer text are read, so that no text takes long; the gateway takes 1,000."""

REPLY_WORDS = 45

NUMBERS = {
    "emergency_number": "the number of the emergency services",
    "crisis_line": "the number for people in despair; where your country has none, the emergency number again",
    "phone": "the number of the clinic",
}
"""What the clinic's file has to give, and what that is."""

_COMMON_HERE = tuple("face mouth smile eye surgery op operation nerve muscle palsy side i my is am have not cant dont".split())
"""Words that say little here: patterns are looked up by their other words."""


@dataclass(frozen=True)
class Source:
    """What a reply rests on.

    Attributes:
        facts: fact numbers of the shared sources; empty when none says it.
        clinician_confirmation: `needed` until a clinician has confirmed the reply, else None.
    """

    facts: tuple[str, ...]
    clinician_confirmation: str | None


@dataclass(frozen=True)
class RedFlag:
    """An alarm.

    Attributes:
        kind: name of the class, as in data/safety/red_flags.yml.
        urgency: `now` (emergency number) or `today` (call the surgical team the same day).
        reply: what the visitor is told, at most 45 words, the first sentence says what to do.
        source: what the reply rests on.
    """

    kind: str
    urgency: str
    reply: str
    source: Source


@dataclass(frozen=True)
class _Rule:
    signs: tuple[str, ...]
    near: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    within: int = NEAR


@dataclass(frozen=True)
class _FlagClass:
    flag: RedFlag
    rules: tuple[_Rule, ...]


@dataclass(frozen=True)
class Screen:
    """Checks messages; holds no state and can be shared between threads."""

    _reader: Reader
    _signs: PatternBook
    _cues: Mapping[str, PatternBook]
    _negators: frozenset[str]
    _classes: tuple[_FlagClass, ...] = field(repr=False)
    _model: RedFlagModel | None = None

    @classmethod
    def from_files(cls, folder: Path, clinic: Mapping[str, Any], *, with_model: bool = True) -> Screen:
        """Read the screen from `folder` (data/safety), with the numbers to call from `clinic` (data/clinic.yml).

        Args:
            with_model: False leaves the rules to themselves, as for fitting the model.

        Raises:
            TermsInvalid: a file is missing or does not fit the others, or the clinic lacks a number.
        """
        try:
            words = _read(folder / WORDS)
            groups = {name: " ".join(listed.split()) for name, listed in words["groups"].items()}
            signs = {name: compile_patterns(lines, groups) for name, lines in _read(folder / SIGNS).items()}
            cues = {name: compile_patterns(lines, groups) for name, lines in _read(folder / CUES).items()}
            classes = tuple(_flag_class(entry, _numbers(clinic)) for entry in _read(folder / RULES)["classes"])
        except (KeyError, TypeError, AttributeError) as error:
            raise TermsInvalid(f"{folder}: {type(error).__name__}: {error}") from error
        _check_names(classes, set(signs), set(cues))
        common = everyday_words()
        commonness = common | dict.fromkeys(_COMMON_HERE, max(common.values()))
        vocabulary = words_of(pattern for several in (*signs.values(), *cues.values()) for pattern in several)
        vocabulary = {word for word in vocabulary if word.isalpha()}
        vocabulary |= {word for long in words["shorthand"].values() for word in long.split()}
        if unreachable := vocabulary & set(words["shorthand"]):
            raise TermsInvalid(f"{folder}: patterns use words that shorthand replaces: {', '.join(sorted(unreachable))}")
        return cls(
            _reader=Reader(vocabulary, words["shorthand"], common),
            _signs=PatternBook(signs, commonness),
            _cues={name: PatternBook({name: patterns}, commonness) for name, patterns in cues.items()},
            _negators=frozenset(groups["not"].split()),
            _classes=classes,
            _model=_model(folder, groups, classes) if with_model else None,
        )

    def check(self, text: str) -> RedFlag | None:
        """Return the alarm that `text` calls for, None when it calls for none. Never raises, whatever the text holds."""
        reading = self.read(text)
        return self._by_rules(reading) or self._by_model(reading)

    def read(self, text: str) -> Reading:
        """Return `text` as the rules and the model see it."""
        return self._reader.read(_bounded(text))

    def _by_rules(self, reading: Reading) -> RedFlag | None:
        found = self._signs.find(reading)
        if not found:
            return None
        meaning = Meaning(reading, self._cues, self._negators)
        for each in self._classes:
            if any(_fires(rule, each.flag.kind, found, meaning) for rule in each.rules):
                return each.flag
        return None

    def _by_model(self, reading: Reading) -> RedFlag | None:
        kind = self._model.kind(reading) if self._model else None
        return next((each.flag for each in self._classes if each.flag.kind == kind), None)


def _model(folder: Path, groups: Mapping[str, str], classes: Sequence[_FlagClass]) -> RedFlagModel:
    model = RedFlagModel.from_file(folder / MODEL, WordGroups(groups))
    if unknown := set(model.kinds) - {each.flag.kind for each in classes}:
        raise TermsInvalid(f"{MODEL}: unknown classes: {', '.join(sorted(unknown))}")
    return model


def _fires(rule: _Rule, kind: str, found: Mapping[str, Sequence[Span]], meaning: Meaning) -> bool:
    """Say whether every sign of the rule is found and meant, and its cues stand beside one of them."""
    if not all(map(found.__contains__, rule.signs)) or any(map(meaning.cue, rule.unless)):
        return False
    if any(cues and not any(map(meaning.cue, cues)) for cues in (rule.near, rule.also)):
        return False
    meant = [[span for span in found[sign] if meaning.is_meant(span, kind == "stroke", rule.despite)] for sign in rule.signs]
    return all(meant) and all(
        not cues or any(meaning.is_near(name, span, rule.within) for spans in meant for span in spans for name in cues)
        for cues in (rule.near, rule.also)
    )


def _bounded(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS // 2]}\n{text[-MOST_CHARACTERS // 2 :]}"


def _numbers(clinic: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the replies name. A number is not left out of a reply for want of it: somebody may be waiting for just that one."""
    for name, what in NUMBERS.items():
        if not clinic.get(name):
            raise TermsInvalid(f"The clinic's file (data/clinic.yml) lacks `{name}`: write {what} (docs/safety.md).")
    return {"emergency_number": clinic["emergency_number"], "crisis_line": clinic["crisis_line"], "clinic_phone": clinic["phone"]}


def _flag_class(entry: Mapping[str, Any], numbers: Mapping[str, Any]) -> _FlagClass:
    source = Source(tuple(entry["sources"]), entry.get("clinician_confirmation"))
    reply = entry["reply"].format(**numbers)
    flag = RedFlag(entry["kind"], entry["urgency"], reply, source)
    if flag.urgency not in ("now", "today") or len(reply.split()) > REPLY_WORDS:
        raise TermsInvalid(f"{RULES}: {flag.kind}: urgency must be now or today, the reply at most {REPLY_WORDS} words")
    return _FlagClass(flag, tuple(map(_rule, entry["when"])))


def _rule(entry: Mapping[str, Any]) -> _Rule:
    values: dict[str, Any] = {key: value if key == "within" else tuple(value) for key, value in entry.items()}
    return _Rule(**values)


def _check_names(classes: Sequence[_FlagClass], signs: set[str], cues: set[str]) -> None:
    rules = [rule for each in classes for rule in each.rules]
    unknown = {name for rule in rules for name in rule.signs} - signs
    unknown |= {name for rule in rules for name in (*rule.near, *rule.also, *rule.unless)} - cues
    if unknown:
        raise TermsInvalid(f"{RULES}: unknown signs or cues: {', '.join(sorted(unknown))}")


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise TermsInvalid(f"{path}: cannot be read: {error}") from error
