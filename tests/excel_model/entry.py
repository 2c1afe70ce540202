"""What Excel makes of a text it is given: the same as of one that is typed (Microsoft: Range.Value; xlwings#776 for error values)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tests.excel_model.variants import ERRORS, Error

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATES = (
    re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?: \d{1,2}:\d{2}(:\d{2})?)?"),
    re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/](\d{2,4}))?"),
    re.compile(rf"(\d{{1,2}}[- ])?({_MONTHS})[a-z]*[- ]\d{{1,4}}", re.IGNORECASE),
    re.compile(r"\d{4}年\d{1,2}月(\d{1,2}日)?"),
)


def entered(text: str) -> tuple[Any, str | None, str | None]:
    """Return value, formula and number format that a text gets in a cell without the text format."""
    if text.startswith("'"):
        return text[1:] or None, None, None
    if text.startswith("=") and len(text) > 1:
        return shown_by(text), text, None
    if text[:1] in ("+", "-", "@") and len(text) > 1 and not _number(text[1:]) and not text[1:2].isspace():
        return Error("#NAME?"), f"={text}", None
    if text.upper() in ERRORS:
        return Error(text.upper()), None, None
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE", None, None
    stripped = text.strip()
    if _number(stripped):
        return float(stripped.replace(",", "")), None, None
    if stripped.endswith("%") and _number(stripped[:-1]):
        return float(stripped[:-1].replace(",", "")) / 100, None, "0.00%"
    if any(form.fullmatch(stripped) for form in _DATES):
        return float((dt.date(2026, 1, 30) - dt.date(1899, 12, 30)).days), None, "d-mmm"  # which day, does not matter here
    return text, None, None


def _number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and any(letter.isdigit() for letter in text)


def shown_by(formula: str) -> Any:
    """What a formula shows, as far as the model calculates: a link its words, an error value itself, anything else 0."""
    link = re.fullmatch(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)', formula, re.IGNORECASE)
    if link:
        return link[1].replace('""', '"')
    return Error(formula[1:]) if formula[1:].upper() in ERRORS else 0.0
