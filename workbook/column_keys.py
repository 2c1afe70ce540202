"""Which column of a report is which: a defined name on each header cell, so that no word on a sheet is a key.

`key_escalation__level` refers to the header cell of the level. Excel and LibreOffice keep such a reference right when columns are
moved, inserted or renamed, rows are inserted above, or the sheet gets another name; a deleted column leaves a name without a place. The
names are hidden where the program can hide them. A workbook from before the keys has none: its columns are found by their headers, once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import xlwings as xw

PREFIX: Final = "key_"
#: the five lines above a report's table
HEAD: Final = "head_"
#: what the words of a column mean (workbook.word_keys)
WORDS: Final = "words_"
PART: Final = "__"
#: what the last refresh of a report wrote
EXTENT: Final = "extent_"
#: the names a refresh writes: what a report's sheet is put back with
KEPT: Final = (PREFIX, HEAD, WORDS, EXTENT)
_TEXT: Final = re.compile(r'="((?:[^"]|"")*)"\Z')
_CELL: Final = re.compile(r"=\s*(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?\Z")
#: what a later refresh reads back of its own columns and counts on, by report; the analyst's own cells among them
READ_BACK: Final[dict[str, tuple[str, ...]]] = {
    "escalation": ("level", "previous_level", "level_since", "level_done", "promise_date", "promise_amount", "override"),
    "promises": ("promise_state", "promised_amount", "open_then", "noted_on"),
    "watch_list": ("warning", "since", "was"),
    "alerts": ("raised_on", "customer_id", "key", "warning", "was", "sent_on"),
    "blacklist": ("decision",),
}


class Corner(NamedTuple):
    """The cell a name refers to; of several cells the first, with their number of rows."""

    sheet: str
    row: int
    column: int
    rows: int = 1


class Names(NamedTuple):
    """The names that say where a report's columns and lines stand and what its words mean, without their scopes.

    `cells`: the cells a name refers to, one for each scope, none where they were deleted; `texts`: the text it holds.
    """

    cells: dict[str, list[Corner]]
    texts: dict[str, str]


def corner_of(refers_to: str) -> Corner | None:
    """Read what a name refers to; None for a constant, a formula, several areas, or cells that were deleted."""
    found = _CELL.match(refers_to)
    if found is None:
        return None
    quoted, plain, letters, row, _, last = found.groups()
    return Corner((quoted or plain).replace("''", "'"), int(row), column_number(letters), int(last or row) - int(row) + 1)


def column_number(letters: str) -> int:
    """Turn A into 1, AB into 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def names_of(book: xw.Book) -> list[tuple[str, xw.main.Name]]:
    """List the workbook's names, each with its text: one pass, as a program beside us is asked for every one on its own."""
    return [(name.name, name) for name in book.names]


def read_names(book: xw.Book) -> Names:
    """Read all names that say where a report's columns and lines stand, in one pass over the workbook's names."""
    found = Names({}, {})
    for written, name in names_of(book):
        bare = written.rpartition("!")[2]
        if bare.startswith((PREFIX, HEAD)):
            corner = corner_of(str(name.refers_to or ""))
            found.cells.setdefault(bare, []).extend([corner] if corner else [])
        elif bare.startswith(WORDS) and (text := _TEXT.match(str(name.refers_to or ""))):
            found.texts[bare] = text[1].replace('""', '"')
    return found


def keys_of(names: Names, report: str, sheet: str) -> dict[str, Corner | None]:
    """Return the cell of each key of a report on its sheet, None where its column was deleted. Names of a copied sheet do not count."""
    start = f"{PREFIX}{report}{PART}"
    return {
        name.removeprefix(start): next((corner for corner in corners if corner.sheet.casefold() == sheet.casefold()), None)
        for name, corners in names.cells.items()
        if name.startswith(start)
    }


def head_of(names: Names, report: str, sheet: str) -> Corner | None:
    """Return where the lines above a report's table stand."""
    corners = names.cells.get(f"{HEAD}{report}", [])
    return next((corner for corner in corners if corner.sheet.casefold() == sheet.casefold()), None)


def write_keys(
    book: xw.Book, report: str, places: Mapping[str, tuple[int, int]], head: xw.Range, known: Mapping[str, Corner | None], page: xw.Sheet
) -> None:
    """Name the header cells of a report's columns (key -> row and column) and its head; names of columns it no longer has go."""
    for key, corner in known.items():
        wanted = places.get(key)
        if wanted is None:
            _drop(book, page, f"{PREFIX}{report}{PART}{key}")
        elif corner is not None and (corner.row, corner.column) == wanted:
            continue
        else:
            _put(book, page, f"{PREFIX}{report}{PART}{key}", page.range(wanted))
    for key, wanted in places.items():
        if key not in known:
            _put(book, page, f"{PREFIX}{report}{PART}{key}", page.range(wanted))
    _put(book, page, f"{HEAD}{report}", head)


def reference(page: xw.Sheet, place: xw.Range) -> str:
    """Write a reference to a range of a sheet as a name holds it."""
    return f"='{page.name.replace(chr(39), chr(39) * 2)}'!{place.address}"


def named(book: xw.Book, page: xw.Sheet, name: str) -> Any | None:
    """Return a name of the workbook, or of the sheet where somebody gave it that scope."""
    for names in (book.names, page.names):
        if names.contains(name):
            return names[name]
    return None


def _put(book: xw.Book, page: xw.Sheet, name: str, place: xw.Range) -> None:
    refers = reference(page, place)
    there = named(book, page, name)
    if there is None:
        hide(book.names.add(name, refers))
    elif str(there.refers_to).replace("'", "") != refers.replace("'", ""):
        there.refers_to = refers


def _drop(book: xw.Book, page: xw.Sheet, name: str) -> None:
    there = named(book, page, name)
    if there is not None:
        there.delete()


def hide(name: Any) -> None:
    """Keep the name out of the list of names, where the program has a way to."""
    if hasattr(name.impl, "hidden"):
        name.impl.hidden = True
    elif hasattr(name.api, "Visible"):  # Excel for Windows
        name.api.Visible = False


def unique_headers(labels: Sequence[str]) -> list[str]:
    """Make headers of one table differ, as Excel does: the second of a kind gets a number."""
    taken: set[str] = set()
    made = []
    for label in labels:
        text, number = label, 1
        while text.casefold() in taken:
            number += 1
            text = f"{label} {number}"
        taken.add(text.casefold())
        made.append(text)
    return made
