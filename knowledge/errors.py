"""Errors of the knowledge package.

KnowledgeError
├── ClinicInvalid         data/clinic.yml cannot be used
├── ContentInvalid        the knowledge files have problems; carries all of them
├── NothingPublished      the database holds no release to search in
└── ModelUnusable         the ranking model does not fit this program
"""

from dataclasses import dataclass
from pathlib import Path


class KnowledgeError(Exception):
    """Root of everything that `knowledge` raises."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a knowledge file.

    Attributes:
        file: the file, as it was given.
        line: counted from 1.
        text: what is wrong and what is expected.
    """

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class ClinicInvalid(KnowledgeError):
    """The clinic's own facts are missing or malformed; the text says where."""


class ContentInvalid(KnowledgeError):
    """The knowledge files cannot be used. `problems` has one entry for each fault."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class NothingPublished(KnowledgeError):
    """No release has been published yet; `make knowledge-import` publishes one."""


class ModelUnusable(KnowledgeError):
    """The ranking model is missing or was fitted for other features; `make fit` makes a new one."""
