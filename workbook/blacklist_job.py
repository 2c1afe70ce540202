"""Hand a blacklist over to other associations, and take theirs in, for an open workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlwings as xw

from functions.blacklist_hashes import salt_id
from workbook.blacklist_exchange import export_list, merge, read_list
from workbook.book import read_table
from workbook.headers import match_header
from workbook.host_book import need_table, read_raw_table, read_settings_cells
from workbook.host_cells import put
from workbook.importing.write import write_table
from workbook.settings import read_settings
from workbook.tables import BLACKLIST
from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.output import check_output, output
from xladdin.reading import read_small

LARGEST_LIST: Final = 500_000_000  # bytes: more entries than a sheet has rows


def export_blacklist(book: xw.Book, path: Path, salt: str, source: str, today: dt.date, *, force: bool, inputs: Sequence[Path] = ()) -> str:
    """Write the entries in force as a hashed list, never over `inputs`; answers the closing line."""
    if not source.strip():
        raise BadRequest("say who hands the list over: --source, a name without that of a listed company")
    check_output(path, inputs, force=force)
    settings = read_settings(read_settings_cells(book))
    raw = read_raw_table(need_table(book, BLACKLIST.name))
    table, _ = read_table(BLACKLIST, raw.header, raw.columns, raw.first_row, settings.language)
    made = export_list(table, salt, source.strip(), settings.as_of or today)
    with output(path, inputs, force=force) as file:
        file.write(made.text.encode())
    left = [f"{count:,} {words}" for count, words in ((made.ended, "ended"), (made.hashed, "hashed by others")) if count]
    entries = counted(made.entries, "entry", "entries")
    return f"{path.name}: {entries} hashed, salt {salt_id(salt)}" + (f"; left out: {', '.join(left)}" if left else "")


def import_blacklist(book: xw.Book, path: Path, salt: str, today: dt.date) -> tuple[str, bool]:
    """Take a hashed list into the sheet Blacklist; answers the closing line and whether anything was written."""
    try:
        text = read_small(path, LARGEST_LIST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRequest(f"{path} cannot be read: it is no text in UTF-8") from None
    settings = read_settings(read_settings_cells(book))
    place = need_table(book, BLACKLIST.name)
    raw = read_raw_table(place)
    table, _ = read_table(BLACKLIST, raw.header, raw.columns, raw.first_row, settings.language)
    made = merge(table, read_list(text, salt, path.name), settings.as_of or today, settings.language)
    found, _ = match_header(BLACKLIST, raw.header)
    missing = [key for key in made.added if key not in found]
    if missing:
        columns = ", ".join(missing)
        raise BadRequest(f"the table {BLACKLIST.name} has no column {columns}; add it, or start from a new workbook (xladdin build)")
    for row, key, value in made.changed:
        put(place.range.sheet.range((row, place.range.column + found[key])), value)
    count = len(made.added["name"])
    if count:
        write_table(book, BLACKLIST, made.added)
    updated = len({row for row, _, _ in made.changed}) - made.dropped
    entries = counted(count, "entry", "entries")
    line = f"{path.name} -> {BLACKLIST.name}: {entries} added, {updated:,} brought up to date, {made.dropped:,} no longer listed"
    return line, bool(count or made.changed)
