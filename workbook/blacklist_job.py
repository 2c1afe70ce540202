"""Hand a blacklist over to other associations, and take theirs in, for an open workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

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
from xladdin.errors import BadRequest, CannotWrite


def export_blacklist(book: xw.Book, path: Path, salt: str, source: str, today: dt.date, *, force: bool) -> str:
    """Write the entries in force as a hashed list; answers the closing line."""
    if not source.strip():
        raise BadRequest("say who hands the list over: --source, a name without that of a listed company")
    if path.exists() and not force:
        raise BadRequest(f"{path} is already there; give another name, or --force to replace it")
    settings = read_settings(read_settings_cells(book))
    raw = read_raw_table(need_table(book, BLACKLIST.name))
    table, _ = read_table(BLACKLIST, raw.header, raw.columns, raw.first_row, settings.language)
    made = export_list(table, salt, source.strip(), settings.as_of or today)
    try:
        path.write_text(made.text, encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror or error}") from None
    left = [f"{count:,} {words}" for count, words in ((made.ended, "ended"), (made.hashed, "hashed by others")) if count]
    entries = counted(made.entries, "entry", "entries")
    return f"{path.name}: {entries} hashed, salt {salt_id(salt)}" + (f"; left out: {', '.join(left)}" if left else "")


def import_blacklist(book: xw.Book, path: Path, salt: str, today: dt.date) -> tuple[str, bool]:
    """Take a hashed list into the sheet Blacklist; answers the closing line and whether anything was written."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}") from None
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
