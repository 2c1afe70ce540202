"""Numbers written as text: which mark is the decimal one, decided by all values of a column, or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xladdin.errors import BadRequest

#: what can be asked for: the name shows the format
FORMATS: Final = {"1,234.56": ".", "1.234,56": ",", "1 234,56": ",", "1'234.56": ".", "1234.56": ".", "1234,56": ","}
_GROUPED: Final = {
    ".": re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ ']\d{3})+|)(?:\.\d+)?\.?\Z"),
    ",": re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ ']\d{3})+|)(?:,\d+)?,?\Z"),
}
_SCIENTIFIC: Final = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,3}\Z")
_MONEY_WORDS: Final = re.compile(r"(?:[¥$€£₹₽元圆]|(?:CNY|RMB|USD|EUR|GBP|HKD|JPY|CAD|AUD|CHF|SGD|US\$|HK\$))", re.IGNORECASE)
_MINUS: Final = str.maketrans({"−": "-", "‐": "-", "–": "-", "﹣": "-", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of a column were read: the decimal mark, and each distinct text's number (None: no number)."""

    name: str
    numbers: dict[str, float | None]


def read_numbers(column: str, texts: Iterable[str], asked: str = "", *, percent: bool = False) -> NumberFormat:
    """Read the distinct texts of a column. Raises BadRequest when the decimal mark is not clear."""
    if asked and asked not in FORMATS:
        raise BadRequest(f"there is no number format {asked}; there are {'   '.join(FORMATS)}")
    distinct = list(dict.fromkeys(texts))
    if asked:
        mark = FORMATS[asked]
        return NumberFormat(asked, {text: parse(text, mark, percent=percent) for text in distinct})
    by_point = {text: parse(text, ".", percent=percent) for text in distinct}
    by_comma = {text: parse(text, ",", percent=percent) for text in distinct}
    readable = [text for text in distinct if by_point[text] is not None or by_comma[text] is not None]
    point = [text for text in readable if by_comma[text] is None]
    comma = [text for text in readable if by_point[text] is None]
    if point and comma:
        raise BadRequest(
            f'column "{column}" mixes two decimal marks: {point[0]} and {comma[0]}; say which one holds with --number-format, '
            "the others become findings"
        )
    unclear = [text for text in readable if by_point[text] != by_comma[text]]
    if unclear and not point and not comma:
        raise BadRequest(
            f'column "{column}": {unclear[0]} may be {by_point[unclear[0]]:.15g} or {by_comma[unclear[0]]:.15g}; '
            'say it with --number-format "1,234.56" or "1.234,56"'
        )
    return NumberFormat("1.234,56" if comma else "1,234.56" if point else "whole numbers", by_comma if comma else by_point)


def parse(text: str, mark: str, *, percent: bool = False) -> float | None:
    """Read one text with a decimal mark: groups of three, a minus before or behind, brackets as minus, currency signs left off."""
    short = unicodedata.normalize("NFKC", text.translate(_MINUS)).strip()
    if len(short) > _LONGEST:
        return None
    negative = False
    if short.startswith("(") and short.endswith(")"):
        negative, short = True, short[1:-1].strip()
    divisor = 1
    if percent and short.endswith("%"):
        divisor, short = 100, short[:-1].strip()
    short = _MONEY_WORDS.sub("", short, count=1).strip()
    if short.endswith("-"):
        negative, short = not negative, short[:-1].strip()
    elif short[:1] in ("-", "+"):
        negative, short = negative ^ (short[0] == "-"), short[1:].strip()
    if not re.search(r"\d", short):
        return None
    if mark == "." and _SCIENTIFIC.match(short):
        number = float(short)
    elif _GROUPED[mark].match(short):
        plain = re.sub(r"[ ']", "", short)
        number = float(plain.replace(",", "") if mark == "." else plain.replace(".", "").replace(",", "."))
    else:
        return None
    number = number / divisor
    return -number if negative and number else number
