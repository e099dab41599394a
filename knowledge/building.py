"""Builds the search of one release from the database, the files beside it and the encoder."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.index import Candidate, Index
from knowledge.published import Published, PublishedAnswer, answer_sentences
from knowledge.ranking import RankingModel, read_model
from knowledge.search import Search
from language.encoder import Encoder, load_encoder
from language.errors import EncoderUnavailable
from language.lexicon import Lexicon, read_lexicon
from language.spelling import Speller, read_shorthand
from language.terms import TermGroup, TermMatcher, read_groups
from language.text import words
from language.vectors import VectorCache

logger = logging.getLogger(__name__)

MODEL = Path(__file__).parent / "ranking.json"
WORDS_MODEL = Path(__file__).parent / "ranking-words.json"
"""For search without the encoder: the features of vectors are all 0 there, so the weights are others."""


@dataclass(frozen=True)
class Materials:
    """What every release is searched with; read once at start.

    Attributes:
        classes: the out-of-scope classes as candidates.
        groups: terms of procedures and insurers.
        encoder: None when it is missing; search then works on words.
    """

    classes: tuple[Candidate, ...]
    groups: tuple[TermGroup, ...]
    matcher: TermMatcher
    lexicon: Lexicon
    shorthand: dict[str, str]
    encoder: Encoder | None
    model: RankingModel


def read_materials(data: Path, *, use_vectors: bool = True, model: RankingModel | None = None) -> Materials:
    """Read what search needs from the folder `data` and the encoder's cache.

    Args:
        use_vectors: False to search on words alone.
        model: instead of the fitted one, while it is being fitted.

    Raises:
        TermsInvalid: a file of terms or shorthand is broken.
        ModelUnusable: the ranking model is missing or was fitted for other features.
    """
    groups = tuple(read_groups(data / "knowledge"))
    encoder = _encoder_or_none() if use_vectors else None
    return Materials(
        classes=read_classes(data / "nlu" / "out_of_scope"),
        groups=groups,
        matcher=TermMatcher(groups),
        lexicon=read_lexicon(data / "language" / "out_of_field.yml"),
        shorthand=read_shorthand(data / "language" / "shorthand.yml"),
        encoder=encoder,
        model=model or read_model(MODEL if encoder else WORDS_MODEL),
    )


def _encoder_or_none() -> Encoder | None:
    try:
        return load_encoder()
    except EncoderUnavailable as error:
        logger.warning("Search works on words alone, and finds less: %s", error)
        return None


def read_classes(folder: Path) -> tuple[Candidate, ...]:
    """Return each intent of the Rasa files in `folder` as a class of questions that are not answered."""
    files = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yml")))
    return tuple(_class(entry) for file in files for entry in file["nlu"])


def _class(entry: dict[str, str]) -> Candidate:
    examples = (line.removeprefix("- ").strip() for line in entry["examples"].splitlines())
    return Candidate(entry["intent"], False, "", frozenset(), tuple(filter(None, examples)), ())


def build_search(published: Published, materials: Materials) -> Search:
    """Return the search of `published`. Takes seconds; most of it is encoding texts that are new."""
    repair = _speller(published, materials).repair
    encoder = materials.encoder
    index = Index(
        [*map(_candidate, published.answers), *materials.classes],
        VectorCache(encoder).encode_all if encoder else None,
        repair,
    )
    return Search(
        published,
        index,
        materials.model,
        matcher=materials.matcher,
        hints=materials.lexicon.find,
        repair=repair,
        encode=encoder.encode if encoder else None,
    )


def _candidate(answer: PublishedAnswer) -> Candidate:
    phrasings = (answer.question, *answer.phrasings)
    return Candidate(answer.id, True, answer.topic, frozenset(answer.procedures), phrasings, answer_sentences(answer.text))


def _speller(published: Published, materials: Materials) -> Speller:
    """Words of the answers and of the terms are spelled right by definition."""
    texts = [answer.text for answer in published.answers] + [term for group in materials.groups for term in group.terms]
    return Speller(domain={word for text in texts for word in words(text)}, shorthand=materials.shorthand)
