"""Builds the search over any number of phrasings, to see how its time grows."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from database.engine import open_database
from knowledge.building import Materials, build_search, read_materials
from knowledge.published import Published, read_published
from knowledge.search import Search
from language.encoder import cache_folder

KEPT = Path(".cache/benchmark/sizes")


def read_all(database: str, data: Path) -> tuple[Published, Materials]:
    """Return the newest release, and what it is searched with."""
    return read_published(open_database(database)), read_materials(data)


def build(published: Published, materials: Materials, phrasings: int) -> Search:
    """Return the search over so many phrasings of the answers; vectors are kept apart from those of the real ones."""
    with _own_cache():
        return build_search(resize(published, phrasings), materials)


def resize(published: Published, phrasings: int) -> Published:
    """Return a release with `phrasings` of them in all, spread over the answers as evenly as they go.

    What is missing is made from the words of real ones in another order: no sense, but as many words, pieces and letters.
    """
    shares = _shares(phrasings, len(published.answers))
    shuffler = random.Random(0)
    answers = (
        replace(answer, phrasings=_phrasings(answer.phrasings, share, shuffler))
        for answer, share in zip(published.answers, shares, strict=True)
    )
    return replace(published, answers=tuple(answers))


def _shares(total: int, parts: int) -> list[int]:
    return [total * (part + 1) // parts - total * part // parts for part in range(parts)]


def _phrasings(real: tuple[str, ...], count: int, shuffler: random.Random) -> tuple[str, ...]:
    made = [_shuffled(shuffler.choice(real), shuffler) for _ in range(count - len(real))]
    return (*real[:count], *made)


def _shuffled(text: str, shuffler: random.Random) -> str:
    parts = text.split()
    shuffler.shuffle(parts)
    return " ".join(parts)


@contextmanager
def _own_cache() -> Iterator[None]:
    """Begin with the real vectors, but leave their file as it is: made-up phrasings would only fill it."""
    own, usual = KEPT.absolute(), cache_folder()
    if not (own / "vectors").exists() and (usual / "vectors").exists():
        shutil.copytree(usual / "vectors", own / "vectors")
    if not (own / "encoder").exists():
        own.mkdir(parents=True, exist_ok=True)
        (own / "encoder").symlink_to((usual / "encoder").absolute())
    before = os.environ.get("FRONTDESK_CACHE")
    os.environ["FRONTDESK_CACHE"] = str(own)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FRONTDESK_CACHE"]
        else:
            os.environ["FRONTDESK_CACHE"] = before
