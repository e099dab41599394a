"""Reads secrets from files, as containers give them."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read_secret_files(values: dict[str, Any], names: Iterable[str], prefix: str) -> dict[str, Any]:
    """Return `values` with each secret of `names` that is not set, but whose file <PREFIX><NAME>_FILE names.

    Raises:
        ValueError: such a file cannot be read.
    """
    for name in names:
        file = os.environ.get(f"{prefix}{name}_file".upper())
        if file and not values.get(name):
            values[name] = _read(f"{prefix}{name}_file".upper(), file)
    return values


def _read(variable: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{variable} names a file that cannot be read: {error.strerror}") from error
