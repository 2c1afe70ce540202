"""Counts in English sentences: "1 row", "2 rows", and the same in sentences with places to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Any


def counted(count: int, one: str, several: str = "") -> str:
    """Write a count with what is counted; what is more than an s longer is given: 2, "company", "companies" or 3, "row is", "rows are"."""
    return f"{count:,} {_form(count == 1, one, several)}"


def fill_in(text: str, values: Mapping[str, Any]) -> str:
    """Fill the {places} of a sentence; one like {count:row} or {count:row is|rows are} is counted.

    The count may be a number or the text of one. Raises KeyError for a place that has no value.
    """
    return _COUNTING.vformat(text, (), values) if _counts(text) else text.format_map(values)


@lru_cache(maxsize=1024)
def _counts(text: str) -> bool:
    """Tell whether a sentence counts; most do not, and a ledger may have one a row: Python's own filling is the quicker one."""
    return any(spec[:1].isalpha() for _, _, spec, _ in _COUNTING.parse(text) if spec)


def _form(single: bool, one: str, several: str) -> str:
    return one if single else several or f"{one}s"


class _Counting(Formatter):
    """Python's formatting, but letters after the colon, which are no format of ours, are what is counted."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec[:1].isalpha():
            return str(super().format_field(value, format_spec))
        one, _, several = format_spec.partition("|")
        shown = value if isinstance(value, str) else f"{value:,}"
        return f"{shown} {_form(shown == '1', one, several)}"


_COUNTING = _Counting()
