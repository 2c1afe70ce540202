"""Numbers written as text: which mark is the decimal one, decided by all values of a column, or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from workbook.currencies import known_currencies
from xladdin.errors import BadRequest

#: what can be asked for: the name shows the format
FORMATS: Final = {"1,234.56": ".", "1.234,56": ",", "1 234,56": ",", "1'234.56": ".", "1234.56": ".", "1234,56": ","}
_GROUPED: Final = {
    # 1,23,456.78 is the Indian grouping: the last three digits, then pairs
    ".": re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[ ']\d{3})+|)(?:\.\d+)?\.?\Z"),
    ",": re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ ']\d{3})+|)(?:,\d+)?,?\Z"),
}
_SCIENTIFIC: Final = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,3}\Z")
_MONEY_SIGNS: Final = r"(?:US|HK|NT|CA|AU|NZ|SG|[ARCS])?\$|[¥€£₹₨₽₩₫₺₴₱₪฿₦元圆]|R[sp]\.?|RM|kr\.?|zł|Kč|Ft|Lei|R\$"
_MONEY_FIRST: Final = re.compile(rf"({_MONEY_SIGNS}|[A-Z]{{3}}(?![A-Z]))\s*", re.IGNORECASE)
_MONEY_LAST: Final = re.compile(rf"\s*({_MONEY_SIGNS}|(?<![A-Z])[A-Z]{{3}})\Z", re.IGNORECASE)
_CODES: Final = frozenset(("RMB", "CNH"))
_DEBIT, _CREDIT = re.compile(r"(?:\bdr\.?|\bdb\.?|借方?|(?<=[\d\s])[SD])\Z|\A(?:dr\.?|db\.?|借方?)(?=[\s\d])", re.IGNORECASE), re.compile(
    r"(?:\bcr\.?|(?<=\d)cr\.?|[贷貸]方?|(?<=[\d\s])[HC])\Z|\A(?:cr\.?|[贷貸]方?)(?=[\s\d])", re.IGNORECASE,
)
_CENTS: Final = re.compile(r"[.,]\d{2}\Z")
_MINUS: Final = str.maketrans(
    "−‐–﹣’`´ʼ\u00a0\u202f\u2009٬", "----''''   '",
)
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
    """Read one text with a decimal mark, whatever its groups, digits and currency signs.

    It is negative with a minus before or behind, in brackets, or on the credit side (CR, H, 贷); with two of these it is not read, as
    two systems mean two things by that.
    """
    short = _digits(text, mark)
    if len(short) > _LONGEST:
        return None
    divisor = 1
    if percent and short.endswith("%"):
        divisor, short = 100, short[:-1].strip()
    stripped = _signs(short)
    if stripped is None:
        return None
    negative, short = stripped
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


def currency_in(text: str) -> str:
    """Return the sign or code of a currency that stands beside a number, in capitals; blank where there is none."""
    short = unicodedata.normalize("NFKC", text.translate(_MINUS)).strip("()+- ")
    match = _money(short, _MONEY_FIRST.match) or _money(short, _MONEY_LAST.search)
    return match[1].upper() if match and re.search(r"\d", short) else ""


def _digits(text: str, mark: str) -> str:
    """Write digits of every script as 0 to 9, and the Arabic decimal mark as the column's."""
    short = unicodedata.normalize("NFKC", text.translate(_MINUS)).translate(_MINUS).strip()
    if short.isascii():
        return short
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else mark if one == "٫" else one for one in short)


def _signs(short: str) -> tuple[bool, str] | None:
    """Take off currency and sign, in whatever order they stand; None where the sign is said twice, or a Cr may be a crore."""
    minus = plus = 0
    for _ in range(5):
        before = short
        for find in (_MONEY_FIRST.match, _MONEY_LAST.search):
            match = _money(short, find)
            if match:
                short = short.replace(match[0], "", 1) if match.start() == 0 else short[: match.start()]
        if short.startswith("(") and short.endswith(")"):
            minus, short = minus + 1, short[1:-1].strip()
        debit, credit = _DEBIT.search(short), _CREDIT.search(short)
        side = credit or debit
        if side:
            short = (short[: side.start()] + short[side.end() :]).strip()
            minus, plus = minus + bool(credit), plus + (not credit)
            if credit and side[0].isascii() and not _CENTS.search(short):
                return None  # 5 Cr is five crore, 50,000,000, in India
        if short.endswith("-"):
            minus, short = minus + 1, short[:-1].strip()
        elif short[:1] in ("-", "+"):
            minus, plus, short = minus + (short[0] == "-"), plus + (short[0] == "+"), short[1:].strip()
        if short == before:
            break
    return (minus == 1, short) if minus + plus <= 1 else None


def _money(short: str, find: Callable[[str], re.Match[str] | None]) -> re.Match[str] | None:
    """Find a currency at one end; three letters are one only where they are a code that exists."""
    match = find(short)
    code = match[1].upper() if match else ""
    return None if len(code) == 3 and code.isalpha() and code not in _CODES and code not in known_currencies() else match
