"""The widget as one small script, made from its modules when the gateway starts.

One file loads in one request, and can never be half of an old version and half of a new one. No build step and no
npm: the modules keep to a form (`import { … } from "./x.js"`, `export` before a declaration, no top-level name
twice) that lets them stand one after the other in one file.
"""

import gzip
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gateway.errors import WidgetInvalid

FOLDER = Path(__file__).resolve().parent / "static" / "widget"
ENTRY = "widget.js"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function)\b)", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_DECLARED = re.compile(r"^(?:async )?(?:const|let|class|function\*?) (\w+)", re.MULTILINE)

_TOKEN = re.compile(
    r"""(?P<css>/\*\ css\ \*/\s*`[^`]*`)
    |(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<template>`)
    |(?P<space>\s+)
    |(?P<regex>/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*)
    |(?P<word>[\w$#]+)
    |(?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE_PART = re.compile(r"(?:\\.|\$(?!\{)|[^\\`$])*(?P<end>`|\$\{)", re.DOTALL)
_WORD = re.compile(r"[\w$#]")
_VALUE_ENDS = ")]}"
_OPEN = {"{", "(", "[", ";", ","}
_CLOSE = {"}", ")", "]", ".", "?", ":"}
"""Between these and the next or the last token a line end means nothing."""

_BEFORE_REGEX = {"return", "typeof", "case", "of", "in"}


@dataclass(frozen=True)
class WidgetScript:
    """What `/widget/widget.js` sends."""

    source: bytes
    gzipped: bytes
    etag: str


@cache
def widget_script(folder: Path = FOLDER) -> WidgetScript:
    """Return the widget's script.

    Raises:
        WidgetInvalid: a module is missing or not in the form that this file describes.
    """
    source = compact(joined(folder)).encode()
    digest = hashlib.sha256(source).hexdigest()[:32]
    return WidgetScript(source, gzip.compress(source, compresslevel=9, mtime=0), f'"{digest}"')


def joined(folder: Path) -> str:
    """Return all modules that the entry needs, each behind those that it imports, as one module.

    Raises:
        WidgetInvalid: as `widget_script`.
    """
    source = "\n".join(_modules(folder).values())
    if twice := [name for name, count in Counter(_DECLARED.findall(source)).items() if count > 1]:
        raise WidgetInvalid(f"Two modules of the widget declare {', '.join(twice)}: rename one.")
    return source


def module_names(folder: Path) -> list[str]:
    """Return the files that the script is made of, in its order.

    Raises:
        WidgetInvalid: as `widget_script`.
    """
    return list(_modules(folder))


def _modules(folder: Path) -> dict[str, str]:
    modules: dict[str, str] = {}
    _collect(folder, ENTRY, modules)
    return modules


def _collect(folder: Path, name: str, modules: dict[str, str]) -> None:
    try:
        written = (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise WidgetInvalid(f"The widget's module {name} cannot be read: {error.strerror}.") from error
    for needed in _IMPORT.findall(written):
        if needed not in modules:
            _collect(folder, needed, modules)
    source = _EXPORT.sub("", _IMPORT.sub("", written))
    if unknown := _UNKNOWN.search(source):
        raise WidgetInvalid(f"The widget's module {name} has a line that cannot be joined: {unknown[0]}")
    modules[name] = source


def compact(source: str) -> str:
    """Return JavaScript without comments and without space that means nothing.

    Line ends stay, so that no statement runs into the next; texts, templates and regular expressions stay as they
    are. A template marked `/* css */` is a style sheet without values in it, whose white space shrinks too.
    """
    return _Compactor(source).run()


class _Compactor:
    """Reads token by token, and remembers what was written last."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.written: list[str] = []
        self.last = ""
        self.gap = ""
        self.depths: list[int] = []
        """For each template that is open: how many braces are open in its `${…}`."""

    def run(self) -> str:
        while found := _TOKEN.match(self.source, self.place):
            self.place = found.end()
            self._take(str(found.lastgroup), found[0])
        return "".join(self.written) + "\n"

    def _take(self, kind: str, token: str) -> None:
        if kind in ("space", "comment"):
            self.gap = "\n" if "\n" in token or self.gap == "\n" else " "
        elif kind == "css":
            self._write(_smaller_css(token[token.index("`") :]))
        elif kind == "template":
            self._write(token)
            self._read_template()
        elif kind == "regex" and not self._may_be_regex():
            self.place -= len(token) - 1
            self._write("/")
        else:
            self._write(token)
            self._count_braces(token)

    def _write(self, token: str) -> None:
        self.written.append(self._needed_gap(token) + token)
        self.last, self.gap = token, ""

    def _needed_gap(self, token: str) -> str:
        if not self.gap or not self.last:
            return ""
        if self.gap == "\n":
            return "" if self.last in _OPEN or token in _CLOSE else "\n"
        are_words = _WORD.match(self.last[-1]) and _WORD.match(token)
        return " " if are_words or (self.last in ("+", "-") and token == self.last) else ""

    def _may_be_regex(self) -> bool:
        is_value = bool(_WORD.match(self.last[-1:])) or self.last[-1:] in (*_VALUE_ENDS, '"', "'", "`")
        return not is_value or self.last in _BEFORE_REGEX

    def _count_braces(self, token: str) -> None:
        if not self.depths:
            return
        if token == "{":
            self.depths[-1] += 1
        elif token == "}" and self.depths[-1] == 0:
            self.depths.pop()
            self._read_template()
        elif token == "}":
            self.depths[-1] -= 1

    def _read_template(self) -> None:
        """Copy up to the template's end, or to the next value in it."""
        part = _TEMPLATE_PART.match(self.source, self.place)
        if part is None:
            raise WidgetInvalid("A template of the widget has no end.")
        self.place = part.end()
        self._write(part[0])
        if part["end"] == "${":
            self.depths.append(0)


def _smaller_css(sheet: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s*([{};,`])\s*", r"\1", re.sub(r"\s+", " ", without_comments))
