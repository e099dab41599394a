"""What phone numbers, addresses, dates of birth and other identifiers look like when people type them into a chat.

Every pattern runs on folded text (`language.redaction`): lower case, ASCII digits, plain hyphens. The group `identifier`, where
there is one, is what goes; else the whole match. Order matters: the first pattern that matches a place says what it is.

Source of the list: the identifiers of 45 CFR 164.514(b)(2) that have a form of their own. Names and addresses have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

EMAIL = "email"
CARD = "card"
SSN = "ssn"
BIRTH = "birth_date"
INSURANCE = "insurance_number"
RECORD = "record_number"
PHONE = "phone"
NUMBER = "number"

MIN_PHONE_DIGITS = 7
MAX_PHONE_DIGITS = 15
"""Source: ITU-T E.164, 6: at most 15 digits."""

YOUNGEST_YEARS = 2
"""A full date without a word about birth counts as a date of birth only if it is older: newer ones are of operations and visits."""

OLDEST_YEAR = 1900

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_YEAR = r"(?:19|20)\d\d"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_FULL_DATE = rf"""\b(?=[\djfmasond])(?:
    \d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?P<y1>{_YEAR})
  | (?P<y2>{_YEAR})\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?\d{{1,2}}
  | {_MONTH}\s{_NTH},?\s(?P<y3>{_YEAR})
  | {_NTH}(?:\sof)?[\s-]{_MONTH},?[\s-](?P<y4>{_YEAR})
)"""
_SHORT_DATE = rf"""\b(?=[\djfmasond])(?:
    \d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?'?\d\d | \d{{1,2}}\s?[/-]\s?\d{{1,2}}
  | \d{{1,2}}\s\d{{1,2}}\s(?:{_YEAR}|\d\d)
  | \d{{8}} | \d{{6}}
  | {_MONTH}\s{_NTH} | {_NTH}(?:\sof)?\s{_MONTH}
)"""
_BIRTH_WORD = r"(?:d\.?o\.?b\.?|date[\s-]of[\s-]birth|birth[\s-]?dates?|birth[\s-]?days?|b-?day|birth|born)"
_ID_WORD = r"(?:numbers?|nos?\.?|nr\.?|num|ids?|code|\#)(?:\s?(?:numbers?|nos?\.?|\#))?"
_LINK = r"(?:[\s:=,#(-]|\b(?:is|are|was|my|the|it's|its|it|on|card)\b){0,8}"
_TOKEN = r"(?P<identifier>[a-z]{0,4}[ -]?\d[a-z\d]*(?:-[a-z]{0,3}\d[a-z\d]*|[ ]\d{2,}[a-z\d]*)*)"
_SPAN = r"(?!\s?(?:-\s?)?(?:to\s\d|weeks?|months?|days?|years?|yrs?|hours?|hrs?|minutes?|mins?|times|percent|pounds|inch|"
_UNIT = _SPAN + r"mg|mcg|ml|mm|cm|cc|kg|lbs?|units?|iu|dollars?|usd|bucks|euros?|calories|steps|people|patients|%|am\b|pm\b))"
_EVENT = re.compile(
    r"\b(?:surger\w*|operat\w*|ops?|procedures?|appointment\w*|visit\w*|consult\w*|accident|crash|injur\w*|stroke|diagnos\w*|since|until|till|from|"
    r"between|start\w*|began|happened|schedul\w*|booked|follow-?up|scan|mri|ct|botox|inject\w*|graft\w*|transfer\w*|transplant\w*|remov\w*|"
    r"had|have|seen|saw|went|woke|read|updated|published|written|expires?|valid|policy|law|study|palsy|paraly\w*|tumou?r|discharged|"
    r"admitted|referr\w*|implant\w*|emg|therapy|treat\w*|vaccin\w*|shot|last|before|after|by|as\sof|page|reviewed|posted|noticed|appt|"
    r"collapsed|fell|hospital|got|did|done|wedding|married|retired|died|passed)\b"
)
_NO_BIRTH = re.compile(r"\b(?:with|without|and|but|so|then|weight|weigh\w*|at)\b")
_PUBLIC = re.compile(r"(?:\b(?:isbn|issn|pmid|pmc|nct|doi|npi)[\s:.#-]*|10\.\d{4,9}/\S*)$")
"""What names a book, a study or a paper: public numbers."""


@dataclass(frozen=True)
class Pattern:
    """One form of an identifier.

    Attributes:
        accepts: says whether a match really is one.
        needs: a text with none of these is not searched, for speed; empty: every text is.
    """

    kind: str
    form: re.Pattern[str]
    accepts: Callable[[re.Match[str], date], bool] = lambda match, today: True
    needs: tuple[str, ...] = ()

    def find(self, folded: str, today: date) -> Iterator[tuple[int, int]]:
        """Yield start and end of each identifier."""
        if self.needs and not any(sign in folded for sign in self.needs):
            return
        group = "identifier" if "identifier" in self.form.groupindex else 0
        for match in self.form.finditer(folded):
            if self.accepts(match, today):
                yield match.span(group)


def _form(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.VERBOSE)


def digits_of(text: str) -> str:
    """Return the digits of `text`."""
    return "".join(filter(str.isdigit, text))


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit of a card number is right. Source: ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_card(match: re.Match[str], _today: date) -> bool:
    groups = re.findall(r"\d+", match.group())
    return not all(re.fullmatch(_YEAR, group) for group in groups) and passes_luhn("".join(groups))


def _has_four_digits(match: re.Match[str], _today: date) -> bool:
    """A year alone is no number of a card or record."""
    found = match.group("identifier")
    return len(digits_of(found)) >= 4 and not re.fullmatch(_YEAR, found.strip())


def _has_nine_digits(match: re.Match[str], _today: date) -> bool:
    return len(digits_of(match.group("identifier"))) == 9


def _is_called(match: re.Match[str], _today: date) -> bool:
    """A number after "call me at": any phone number of the world, but no date, and no span of years."""
    text = match.group("identifier").strip()
    date_or_years = rf"\d{{1,2}}([\s./-])\d{{1,2}}\1(?:{_YEAR}|\d\d)|{_YEAR}([\s./-])\d{{1,2}}\2\d{{1,2}}|{_YEAR}(?:\s?-\s?|\s){_YEAR}"
    return not re.match(date_or_years, text) and MIN_PHONE_DIGITS <= len(digits_of(text)) <= MAX_PHONE_DIGITS


def _is_local(match: re.Match[str], _today: date) -> bool:
    """Seven digits without an area code, and no span as 500-1000: those end round, and rise."""
    return not match.group().endswith(("00", "50"))


def _is_no_time(match: re.Match[str], _today: date) -> bool:
    """Opening hours as 0900-1200 begin with a zero too."""
    groups = re.findall(r"\d+", match.group())
    return not all(re.fullmatch(r"(?:[01]\d|2[0-4])[0-5]\d", group) for group in groups)


def _is_named_birth_date(match: re.Match[str], _today: date) -> bool:
    between = match.string[match.start() : match.start("identifier")]
    return not _NO_BIRTH.search(between) and not _EVENT.search(between)


def _is_birth_date(match: re.Match[str], today: date) -> bool:
    """A full date that is long past, in a sentence that tells of nothing that happened then."""
    year = int(next(value for name, value in match.groupdict().items() if name.startswith("y") and value))
    if not OLDEST_YEAR <= year <= today.year - YOUNGEST_YEARS:
        return False
    before = re.split(r"[.?!;]\s", match.string[: match.start()])[-1]
    after = re.split(r"[.?!;](?:\s|$)", match.string[match.end() :])[0]
    return not _EVENT.search(before[-80:]) and not _EVENT.search(after[:60])


def _is_private(match: re.Match[str], _today: date) -> bool:
    return not _PUBLIC.search(match.string[: match.start()][-40:])


_LOCAL_PART = r"(?<![\w.+'%-])(?:\w{1,64}\sdot\s)?[\w.+'%-]{1,64}"
_ENDINGS = r"(?:com|org|net|edu|gov|io|co|uk|de|fr|ca|me|us|info|mx|es|in)\b"

OF_ADDRESSES = (
    Pattern(EMAIL, _form(_LOCAL_PART, r"\s?@\s?(?:[\w-]{1,63}\s?\.\s?){1,5}[a-z]{2,24}\b"), needs=("@",)),
    Pattern(
        EMAIL,
        _form(_LOCAL_PART, r"\s?@\s?(?:gmail|yahoo|hotmail|outlook|aol|icloud|proton|live|msn|comcast)\b(?:[ ,]{0,2}com\b)?"),
        needs=("@",),
    ),
    Pattern(
        EMAIL,
        _form(
            _LOCAL_PART,
            r"(?:\s?[\[(]\s?at\s?[\])]\s?(?:[\w-]{1,63}\s?(?:[\[(]\s?dot\s?[\])]|\bdot\b|\.)\s?){1,3}",
            r"|\s(?:at|@)\s(?:[\w-]{1,63}\s(?:dot|\[dot\]|\(dot\))\s){1,3}",
            r"|\sat\s(?:gmail|yahoo|hotmail|outlook|aol|icloud|proton)\s?\.\s?)",
            _ENDINGS,
        ),
    ),
)
"""These hold an @, or an "at"."""

OF_DIGITS = (
    Pattern(
        BIRTH,
        _form(rf"\b{_BIRTH_WORD}(?![a-z])[^.?!;\d]{{0,30}}?\b(?P<identifier>{_FULL_DATE}|{_SHORT_DATE})(?![\d%])", _UNIT),
        _is_named_birth_date,
    ),
    Pattern(
        BIRTH,
        _form(
            rf"(?P<identifier>{_FULL_DATE}|{_SHORT_DATE})[\s,(-]{{0,3}}",
            r"(?:(?:is|was)\s(?:my|his|her|our|the|[a-z]+'s)\s\w{0,12}\s?)?(?:d\.?o\.?b\b|birth\s?day|birth\s?date|date\sof\sbirth)",
        ),
        needs=("birth", "dob", "d.o.b"),
    ),
    Pattern(SSN, _form(r"(?<![\d-])\d{3}(?P<sep>[ .-])\d{2}(?P=sep)\d{4}(?![\d-])", _UNIT)),
    Pattern(
        SSN,
        _form(
            rf"\b(?:ssn|ss\s?{_ID_WORD}|social(?:\ssec(?:urity)?)?(?:\s?{_ID_WORD})?|itin){_LINK}(?P<identifier>\d[\d -]{{7,11}}\d)(?!\d)"
        ),
        _has_nine_digits,
    ),
    Pattern(
        SSN,
        _form(
            r"\b(?:last\s(?:4|four)(?:\sdigits)?(?:\sof)?(?:\s(?:my|her|his|the))?\s(?:ssn|soc\w*(?:\ssec\w*)?)(?:\snumber)?"
            r"|(?:ssn|social(?:\ssecurity)?(?:\snumber)?)\sends\s(?:in|with))[\s:=,-]*(?:(?:is|are)\s)?(?P<identifier>\d{4})\b"
        ),
    ),
    Pattern(
        INSURANCE,
        _form(
            r"\b(?:(?:mem(?:ber(?:ship)?)?|policy|subscriber|group|insurance|insurer|plan|medicare|medicaid|tricare|aetna|cigna|humana|anthem|bcbs|"
            r"blue\s?(?:cross|shield)(?:\s?blue\s?shield)?|uhc|united(?:\s?healthcare)?|kaiser|payer|rx|bin|beneficiary|mbi)"
            rf"(?:\scard)?\s?{_ID_WORD}|mbi|member|subscriber){_LINK}{_TOKEN}(?![\d%])",
            _UNIT,
        ),
        _has_four_digits,
    ),
    Pattern(INSURANCE, _form(r"\b[1-9][a-z][a-z\d]\d-?[a-z][a-z\d]\d-?[a-z]{2}\d\d\b")),
    Pattern(
        RECORD,
        _form(
            r"\b(?:mrn|m\.r\.n\.|nhs\s(?:number|no\.?)|(?:records?|patient|chart|account|hospital|file|case|claim|encounter|acct|passport|"
            rf"licen[cs]e)\s?{_ID_WORD}){_LINK}{_TOKEN}(?![\d%])",
            _UNIT,
        ),
        _has_four_digits,
    ),
    Pattern(
        CARD,
        _form(
            r"(?<![\d.$-])(?:3[47]\d\d[ -]?\d{6}[ -]?\d{5}|[2-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?"
            r"|3\d{3}[ -]?\d{6}[ -]?\d{4}|[2-6]\d{12,18})(?![\d-])"
        ),
        _is_card,
    ),
    Pattern(
        PHONE,
        _form(
            r"(?<![\w.:$])(?:\+|00|\(\+)\s?\d{1,3}\)?[\s./()-]{0,3}(?:\(0\)\s?)?\d(?:[\s./()-]{0,2}\d){5,12}"
            r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\d%])"
        ),
    ),
    Pattern(
        PHONE,
        _form(
            r"(?<![\d$€£])(?<!\d[./-])(?:\+?1[\s./-]{0,3})?(?:\([2-9]\d\d\)|[2-9]\d\d)[\s./-]{0,3}[2-9]\d\d[\s./-]{0,3}\d{4}"
            r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\d%]|[./-]\d)",
            _UNIT,
        ),
        _is_private,
    ),
    Pattern(
        PHONE, _form(r"(?<![\w.:$/-])\(?0\d{2,4}\)?[\s/-]?\d{3,4}[\s-]?\d{2,4}(?:[\s-]?\d{2,4})?(?![\d%]|[./-]\d)", _UNIT), _is_no_time
    ),
    Pattern(
        PHONE,
        _form(
            r"\b(?:call|text|phone|reach|ring|dial|cell(?:phone)?|mobile|tel(?:ephone)?|fax|contact|whats\s?app|signal|message|home|landline|number)"
            r"(?:[\s:=,#(-]|\b(?:me|us|him|her|my|is|at|on|back|it's|its|no|number|under|with|cell|phone|mobile|home|work|to|please|mom|mum|dad|wife|"
            r"husband)\b\.?){0,8}(?P<identifier>\+?\(?\d(?:[\s./()-]{0,2}\d){6,14})(?![\d%])",
            _UNIT,
        ),
        _is_called,
    ),
    Pattern(PHONE, _form(r"^\W*(?P<identifier>[2-9]\d\d[\s.-]?\d{4})\W*$")),
    Pattern(PHONE, _form(r"(?<![\w.$€£/-])(?<!from\s)(?<!between\s)[2-9]\d\d-\d{4}(?![\d%]|[./-]\d)", _UNIT), _is_local),
    Pattern(BIRTH, _form(rf"(?<![\d./-]){_FULL_DATE}(?![\d/-])"), _is_birth_date),
    Pattern(NUMBER, _form(r"(?<![\w$€£./-])(?!nct|pmc|isbn)(?:[a-z]{1,4}-?\d{8,20}|\d{9,20})(?![\w%]|[.,]\d)", _UNIT), _is_private),
)
"""These hold a digit."""
