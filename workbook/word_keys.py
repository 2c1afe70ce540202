"""What the words of a report mean: a state or the name of a row is shown as a word and kept as its key.

A refresh writes beside the columns' keys which word stands for which key (`words_promises__promise_state__1` holds "kept=kept¦broken=…"),
and the next one reads the cells by it. So a state outlives another language and a better translation. A workbook from before has no
such names: its words are those of the tables of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlwings as xw

from workbook.column_keys import PART, READ_BACK, WORDS, Names, hide, named
from workbook.sheet import Sheet, listed

_BETWEEN: Final = "¦"
#: Excel takes texts of 255 characters in a formula, of which some are needed around them
_LONGEST: Final = 230


def coded(key: str) -> str:
    """Return the key under which the codes of a column stand beside its words in a report as it stood."""
    return f"code:{key}"


def words_of(names: Names, report: str) -> dict[str, dict[str, str]]:
    """Return for each column whose words were kept: word -> code."""
    found: dict[str, dict[str, str]] = {}
    start = f"{WORDS}{report}{PART}"
    for name, text in sorted(names.texts.items()):
        if name.startswith(start):
            column = name.removeprefix(start).rpartition(PART)[0]
            pairs = (pair.partition("=") for pair in text.split(_BETWEEN))
            found.setdefault(column, {}).update({word: code for code, mark, word in pairs if mark})
    return found


def words_now(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return for each column that names a row or is read back and shows words: code -> word, as this refresh writes them."""
    wanted = {*sheet.key_columns, *READ_BACK.get(sheet.report, ())}
    made: dict[str, dict[str, str]] = {}
    for key, codes in {**sheet.codes, **sheet.states}.items():
        if key in wanted and key in sheet.data:
            pairs = zip(listed(codes), listed(sheet.data[key]), strict=True)
            made[key] = {str(code): str(word) for code, word in pairs if code not in (None, "") and word not in (None, "")}
    return made


def write_words(book: xw.Book, page: xw.Sheet, sheet: Sheet, known: Mapping[str, Mapping[str, str]]) -> None:
    """Keep in the file what the words mean that stand in the report now, and those that stood there (`known`) and are not in it today."""
    for column, now in words_now(sheet).items():
        words = {code: word for word, code in known.get(column, {}).items() if code not in now} | now
        parts = _parts([f"{code}={word}" for code, word in words.items() if _BETWEEN not in word and "=" not in code])
        number = 0
        for number, text in enumerate(parts, start=1):
            _put(book, page, f"{WORDS}{sheet.report}{PART}{column}{PART}{number}", text)
        while (old := named(book, page, f"{WORDS}{sheet.report}{PART}{column}{PART}{number + 1}")) is not None:
            old.delete()
            number += 1


def _parts(pairs: Sequence[str]) -> list[str]:
    """Join pairs to texts that a name can hold."""
    made: list[str] = []
    for pair in pairs:
        if made and len(made[-1]) + len(pair) < _LONGEST:
            made[-1] += _BETWEEN + pair
        else:
            made.append(pair)
    return made


def _put(book: xw.Book, page: xw.Sheet, name: str, text: str) -> None:
    refers = f'="{text.replace(chr(34), chr(34) * 2)}"'
    there = named(book, page, name)
    if there is None:
        hide(book.names.add(name, refers))
    elif there.refers_to != refers:
        there.refers_to = refers


def with_codes(columns: dict[str, list[Any]], words: Mapping[str, Mapping[str, str]]) -> dict[str, list[Any]]:
    """Add to columns as they stood the codes of those whose words are known; None for a word that is none of them."""
    made = dict(columns)
    for key, meaning in words.items():
        if key in columns:
            made[coded(key)] = [meaning.get(str(cell)) for cell in columns[key]]
    return made


def states_of(before: Mapping[str, Sequence[Any]], key: str, known: Mapping[str, Any], codes: Mapping[str, Any]) -> list[Any]:
    """Return what a column of states meant: by its codes (`codes`: code -> state), else by its words (`known`: word -> state)."""
    words: Sequence[Any] = before.get(key, [])
    kept: Sequence[Any] = before.get(coded(key)) or [None] * len(words)
    return [codes.get(code) if code in codes else known.get(str(word)) for code, word in zip(kept, words, strict=True)]
