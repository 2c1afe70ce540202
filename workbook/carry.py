"""What analysts typed into a report stays with its row: carried over by key, archived when the row goes, brought back when it returns.

Three kinds of cells are theirs: the report's input columns, columns they added to the table themselves, and cells they wrote
beside or below it. None of them is ever lost: a refresh either keeps it in place or writes it to the sheet Archive.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbook.column_keys import unique_headers
from workbook.sheet import Column, Sheet, listed
from workbook.word_keys import coded, words_now

#: columns of the sheet Archive
ARCHIVE_COLUMNS = ("Report", "Key", "Column", "Value", "Archived on", "Name")


class Archived(NamedTuple):
    """One typed cell whose row is gone."""

    report: str
    key: str
    column: str
    value: Any
    archived_on: Any
    name: str


@dataclass(frozen=True, slots=True)
class Previous:
    """A report's table as it stood: cells by column key (`own` of the header for columns the analyst added)."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    added: tuple[str, ...] = ()  # headers of the analyst's own columns, in their order
    missing: tuple[str, ...] = ()  # keys of columns that a refresh reads back and that are not there any more
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by column: the code each word stood for


@dataclass(frozen=True, slots=True)
class Carried:
    """The analyst's cells for the new rows, the columns they added, and the archive as it is to be."""

    inputs: dict[str, list[Any]]
    added: tuple[str, ...]
    archive: list[Archived]
    changed: bool  # whether the archive differs from before


def key_text(parts: Iterable[Any]) -> str:
    """Write a row's key as one text: document and instalment, or customer and currency."""
    texts = []
    for part in parts:
        if part is None or part == "" or (isinstance(part, float) and math.isnan(part)):
            texts.append("")
        elif isinstance(part, float) and part.is_integer():
            texts.append(str(int(part)))
        else:
            texts.append(str(part).strip())
    return " | ".join(texts).rstrip(" |")


def own(header: str) -> str:
    """Return the key of a column that the analyst added: none of ours begins like it, whatever they call it."""
    return f"own:{header}"


def read_previous(header: Sequence[str], columns: Sequence[Sequence[Any]], ours: Mapping[int, str]) -> Previous:
    """Sort a table's cells into our columns (`ours`: number of the column from 0 -> key) and the analyst's own, by header."""
    cells: dict[str, list[Any]] = {}
    added: list[str] = []
    for number, (label, values) in enumerate(zip(header, columns, strict=True)):
        if number in ours:
            cells[ours[number]] = list(values)
        elif any(value not in (None, "") for value in values):
            added.append(label)
            cells[own(added[-1])] = list(values)
    return Previous(cells, tuple(added))


def carry_over(sheet: Sheet, previous: Previous, archive: Sequence[Archived], today: Any) -> Carried:
    """Find for every new row what was typed beside it; the rest goes to the archive, and comes back from there."""
    inputs = [column.key for column in sheet.columns if column.style == "input"]
    theirs = [*inputs, *map(own, previous.added)]
    if not _anything(sheet, previous, archive, theirs):
        return Carried({key: [None] * sheet.rows for key in theirs}, previous.added, list(archive), changed=False)
    old_texts = _keys(previous.columns, sheet.key_columns) or _by_row(previous.columns)
    named = {key for key in sheet.key_columns if coded(key) in previous.columns and key in {**sheet.codes, **sheet.states}}
    old_keys = _keys(previous.columns, [coded(key) if key in named else key for key in sheet.key_columns]) or old_texts
    waiting: dict[str, list[int]] = defaultdict(list)  # a key may stand twice; its rows keep their order
    for index, key in enumerate(old_keys):
        waiting[key].append(index)
    new_texts = _keys({key: listed(sheet.data[key]) for key in sheet.key_columns if key in sheet.data}, sheet.key_columns)
    new_keys = _keys(_coded_data(sheet, named), sheet.key_columns) if named else new_texts
    result: dict[str, list[Any]] = {key: [None] * len(new_keys) for key in theirs}
    place: dict[str, int] = {}
    for row, text in enumerate(new_texts):
        place.setdefault(text, row)
    for row, key in enumerate(new_keys):
        if not waiting.get(key):
            continue
        old = waiting[key].pop(0)
        for column in theirs:
            if column in previous.columns:
                result[column][row] = previous.columns[column][old]
    kept, added_back = _bring_back(sheet, _in_words_of_today(sheet, previous, archive), place, result)
    gone = _gone(sheet, previous, waiting, old_texts, theirs, today)
    return Carried(result, (*previous.added, *added_back), [*kept, *gone], bool(gone) or len(kept) != len(archive))


def _anything(sheet: Sheet, previous: Previous, archive: Sequence[Archived], theirs: Sequence[str]) -> bool:
    """Tell whether anything was typed into the report, or waits in the archive for one of its rows."""
    if any(entry.report == sheet.report for entry in archive):
        return True
    return any(value not in (None, "") for column in theirs for value in previous.columns.get(column, ()))


def _keys(columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> list[str]:
    if not all(name in columns for name in names):
        return []
    return [key_text(parts) for parts in zip(*(columns[name] for name in names), strict=True)]


def _by_row(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """Name rows by their place, where a column of the key was renamed or deleted: what stands beside them then goes to the archive."""
    return [f"row {number}" for number in range(1, max((len(cells) for cells in columns.values()), default=0) + 1)]


def _coded_data(sheet: Sheet, named: set[str]) -> dict[str, list[Any]]:
    """Return what names the rows: keys where words stand for them, whatever the language."""
    codes = {**sheet.codes, **sheet.states}
    return {key: listed(codes[key] if key in named else sheet.data[key]) for key in sheet.key_columns if key in sheet.data}


def _in_words_of_today(sheet: Sheet, previous: Previous, archive: Sequence[Archived]) -> list[Archived]:
    """Rewrite the keys of archived cells whose rows have other words now than when the report was written last."""
    now = words_now(sheet)
    changed: dict[int, dict[str, str]] = {}
    for at, key in enumerate(sheet.key_columns):
        today = now.get(key, {})
        words = {word: today[code] for word, code in previous.words.get(key, {}).items() if today.get(code, word) != word}
        if words:
            changed[at] = words
    if not changed:
        return list(archive)
    return [one._replace(key=_reworded(one.key, changed)) if one.report == sheet.report else one for one in archive]


def _reworded(key: str, changed: Mapping[int, Mapping[str, str]]) -> str:
    return " | ".join(changed.get(at, {}).get(part, part) for at, part in enumerate(key.split(" | ")))


def _bring_back(
    sheet: Sheet, archive: Sequence[Archived], place: Mapping[str, int], result: dict[str, list[Any]]
) -> tuple[list[Archived], list[str]]:
    """Take archived cells of rows that are back out of the archive; a newer cell on the sheet is not overwritten."""
    labels = _input_labels(sheet)
    kept: list[Archived] = []
    added_back: list[str] = []
    for entry in archive:
        row = place.get(entry.key) if entry.report == sheet.report else None
        column = _column_of(entry.column, labels)
        if row is None or not entry.column:
            kept.append(entry)
            continue
        if column not in result:
            added_back.append(column.removeprefix(own("")))
            result[column] = [None] * len(next(iter(result.values()), []))
        if result[column][row] in (None, ""):
            result[column][row] = entry.value
        else:
            kept.append(entry)
    return kept, added_back


def _input_labels(sheet: Sheet) -> dict[str, str]:
    """Return the analyst's columns of a report by label: archives from before the keys name some of them so."""
    return {column.label: column.key for column in sheet.columns if column.style == "input"}


def _column_of(name: str, labels: Mapping[str, str]) -> str:
    """Return the key of an archived cell's column."""
    return name if name in labels.values() or name.startswith(own("")) else labels.get(name) or own(name)


def _archived_as(column: str, labels: Mapping[str, str]) -> str:
    """Name a column in the archive: ours by key, theirs by header, marked where it could be taken for one of ours."""
    header = column.removeprefix(own(""))
    return header if _column_of(header, labels) == column else column


def _gone(
    sheet: Sheet, previous: Previous, waiting: Mapping[str, list[int]], texts: Sequence[str], theirs: Sequence[str], today: Any
) -> list[Archived]:
    names = previous.columns.get("name", [])
    labels = _input_labels(sheet)
    gone: list[Archived] = []
    for rows in waiting.values():
        for row in rows:
            for column in theirs:
                value = previous.columns.get(column, [None] * (row + 1))[row]
                if value not in (None, ""):
                    name = str(names[row] or "") if row < len(names) else ""
                    gone.append(Archived(sheet.report, texts[row], _archived_as(column, labels), value, today, name))
    return gone


def with_inputs(sheet: Sheet, carried: Carried) -> tuple[tuple[Column, ...], dict[str, list[Any]]]:
    """Return the columns to write, the analyst's own last, and the cells of every one."""
    headers = unique_headers([*(column.label for column in sheet.columns), *carried.added])[len(sheet.columns) :]
    theirs = (Column(own(header), shown, "text", 16, "input") for header, shown in zip(carried.added, headers, strict=True))
    columns = (*sheet.columns, *theirs)
    cells: dict[str, list[Any]] = {}
    for column in columns:
        source = sheet.data.get(column.key)
        cells[column.key] = listed(source) if source is not None else carried.inputs.get(column.key, [None] * sheet.rows)
    return columns, cells
