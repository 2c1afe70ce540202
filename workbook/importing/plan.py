"""A file, a table and what was said about them -> the plan of an import. Refuses what would have to be guessed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from workbook.book import RawTable, read_table
from workbook.checks import check_keys
from workbook.dated_ahead import tell_ahead
from workbook.importing.columns import convert
from workbook.importing.keys import known_rows, repeated_rows
from workbook.importing.mapping import find_column, find_field, map_columns
from workbook.importing.neighbours import keeping, with_customers
from workbook.importing.number_formats import FORMATS as NUMBER_FORMATS
from workbook.importing.options import ImportOptions
from workbook.importing.preview import ImportPlan
from workbook.importing.profile import Profile, load_profile
from workbook.importing.sources import Source, read_source
from workbook.importing.transform import Cells, change_words, flag_to_amount, set_constants, unsign
from workbook.ledger_checks import tell_unknown_terms
from workbook.problems import Problems
from workbook.schema import CHOICES_ZH, LEDGER, Table
from workbook.tables import TABLES
from xladdin.errors import BadRequest

_EMPTY: Final = RawTable([], [])


def make_plan(
    path: Path, table_name: str, options: ImportOptions, existing: RawTable = _EMPTY, customers: RawTable = _EMPTY, language: str = "en",
) -> ImportPlan:
    """Plan the import of a file into a table that holds `existing`. Raises BadRequest for anything that would have to be guessed."""
    table = find_table_of_schema(table_name)
    profile = _profile(table, options)
    source = read_source(
        path, sheet=options.sheet, header_row=options.header_row, encoding=options.encoding, delimiter=options.delimiter,
    )
    if not source.rows:
        raise BadRequest(f"{source.name} has a header but no rows")
    automatic = not options.profile
    places = map_columns(table, source.header, source.name, _told(table, profile), automatic=automatic)
    cells, formats = _convert_all(table, source, places, profile)
    rows = _rows_with_data(cells, source.rows)
    changes = _transform(table, source, cells, profile)
    cells = _taken(cells, rows)
    typed, _ = read_table(table, list(cells), list(cells.values()), 0, language)
    earlier = repeated_rows(table, typed, list(cells))
    known = np.zeros(len(rows), dtype=np.bool_)
    if options.mode == "append" and existing.header:
        there, _ = read_table(table, existing.header, existing.columns, existing.first_row)
        known = known_rows(table, typed, there, list(cells), source.name)
    problems = Problems(language)
    _tell_repeated(table, typed, earlier, rows + source.first_row, problems)
    new = np.flatnonzero(~known & (earlier < 0))
    cells, rows = _taken(cells, new), rows[new]
    typed, findings = read_table(table, list(cells), list(cells.values()), 0, language)
    file_rows = (rows + source.first_row).astype(np.int32)
    check_keys(table, typed.set_column(typed.schema.get_field_index("row"), "row", pa.array(file_rows)), problems)
    tell_ahead(table, typed, file_rows, dt.date.today(), problems)  # noqa: DTZ011 - the user's day
    if table.key == LEDGER.key:
        tell_unknown_terms(typed, file_rows, problems)
    # the rows of these findings are places among the rows written; a finding of the whole table has row 0 and no value
    located = [replace(one, row=int(file_rows[one.row])) if one.column in cells else one for one in findings]
    mapping = {key: source.header[index] for key, index in places.items()}
    plan = ImportPlan(
        table, source.name, options.mode, cells, len(rows), source.rows, int(known.sum()), int((earlier >= 0).sum()), mapping,
        _unmapped(source, places, profile), source.detected, formats, changes, [*located, *problems.finish()],
        profile=_learned(profile, mapping, formats),
    )  # fmt: skip
    plan = with_customers(plan, source, customers, options, rows, language)
    if options.mode == "replace":
        plan = keeping(plan, typed, existing)
    return replace(plan, cells=_in_words(table, plan.cells, language))


def _rows_with_data(cells: Cells, count: int) -> np.ndarray:
    """Return the places of the rows of the file in which any mapped column holds something."""
    data = np.zeros(count, dtype=np.bool_)
    for column in cells.values():
        data |= np.fromiter((cell is not None for cell in column), dtype=np.bool_, count=count)
    return np.flatnonzero(data)


def _tell_repeated(table: Table, typed: pa.Table, earlier: np.ndarray, file_rows: np.ndarray, problems: Problems) -> None:
    """Tell the rows that repeat another one of the file: they are left out."""
    for place in np.flatnonzero(earlier >= 0).tolist():
        key = table.unique[0]
        first = int(file_rows[earlier[place]])
        problems.add("repeated_row", table.name, int(file_rows[place]), key, typed[key][place].as_py(), first=first)


def _unmapped(source: Source, places: dict[str, int], profile: Profile) -> list[str]:
    """Name the columns of the file that nothing uses."""
    others = [*profile.customers.values(), *(column for column, _ in profile.flag_to_amount.values())]
    used = {*places.values(), *(find_column(source.header, one, source.name) for one in others)}
    return [name for index, name in enumerate(source.header) if index not in used and name not in profile.ignored]


def _learned(profile: Profile, mapping: dict[str, str], formats: dict[str, str]) -> Profile:
    """Return the profile that imports the next file alike, with the formats that this file decided."""
    dates = {mapping[key]: form for key, form in formats.items() if form in ("m/d/y", "d/m/y")}
    numbers = {mapping[key]: form for key, form in formats.items() if form in NUMBER_FORMATS}
    return replace(profile, columns=mapping, dates={**dates, **profile.dates}, numbers={**numbers, **profile.numbers})


def find_table_of_schema(name: str) -> Table:
    """Return a table by key, name or Chinese name in any case. Raises BadRequest."""
    for table in TABLES.values():
        if name.strip().casefold() in (table.key.casefold(), table.name.casefold(), table.zh):
            return table
    raise BadRequest(f"there is no table {name}; there are {', '.join(table.name for table in TABLES.values())}")


def _profile(table: Table, options: ImportOptions) -> Profile:
    """Return the profile asked for, with what the command says on top of it."""
    profile = load_profile(options.profile, options.profiles_folder) if options.profile else Profile(table=table.key)
    if profile.table != table.key:
        raise BadRequest(f"profile {options.profile} is for the table {profile.table}, not for {table.name}")
    return replace(
        profile,
        columns={**{find_field(table, key): name for key, name in profile.columns.items()}, **_keyed(table, options.mapping)},
        constants={**_keyed(table, profile.constants), **_keyed(table, options.constants)},
        dates={**profile.dates, **options.date_formats},
        numbers={**profile.numbers, **options.number_formats},
    )


def _keyed(table: Table, values: dict[str, str]) -> dict[str, str]:
    return {find_field(table, name): value for name, value in values.items()}


def _told(table: Table, profile: Profile) -> dict[str, str]:
    doubly = [key for key in profile.constants if key in profile.columns]
    if doubly:
        raise BadRequest(f"{', '.join(doubly)} of {table.name} is both a constant and a column; choose one")
    return profile.columns


def _convert_all(table: Table, source: Source, places: dict[str, int], profile: Profile) -> tuple[Cells, dict[str, str]]:
    cells: Cells = {}
    formats: dict[str, str] = {}
    for key, index in places.items():
        if key in profile.constants:
            continue  # what was said goes before what was found
        name = source.header[index]
        asked = [{one: values.get(one, "") for one in (name, key, "")} for values in (profile.dates, profile.numbers)]
        date_format, number_format = (choice[name] or choice[key] or choice[""] for choice in asked)
        converted = convert(table.field(key), name, source.columns[index], date_format, number_format)
        cells[key] = converted.cells
        if converted.read_as:
            formats[key] = converted.read_as
    for key in profile.constants:
        places.pop(key, None)
    return cells, formats


def _transform(table: Table, source: Source, cells: Cells, profile: Profile) -> list[str]:
    changes = set_constants(cells, profile.constants, source.rows)
    changes += change_words(cells, profile.words)
    if profile.negative_to_credit_note and table.key == "ledger":
        changes.append(unsign(cells))
    for key, (column, yes) in profile.flag_to_amount.items():
        flags = convert(table.field("document_no"), column, source.columns[find_column(source.header, column, source.name)], "", "").cells
        changes.append(flag_to_amount(cells, key, flags, yes))
    return [change for change in changes if change]


def _taken(cells: Cells, keep: np.ndarray) -> Cells:
    count = len(next(iter(cells.values()), []))
    if len(keep) == count:
        return cells
    chosen = keep.tolist()
    return {key: [column[row] for row in chosen] for key, column in cells.items()}


def _in_words(table: Table, cells: Cells, language: str) -> Cells:
    """Write choices in the workbook's language, as its drop-down lists have them."""
    if language != "zh":
        return cells
    choices = {one.key for one in table.fields if one.kind == "choice"}
    return {key: [CHOICES_ZH.get(cell, cell) for cell in column] if key in choices else column for key, column in cells.items()}
