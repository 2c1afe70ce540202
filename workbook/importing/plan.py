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
from workbook.findings import Finding
from workbook.headers import field_names, plain
from workbook.importing.cell_formats import as_shown
from workbook.importing.columns import Converted, cells_of
from workbook.importing.error_cells import convert_with_errors as convert
from workbook.importing.error_cells import tell_unvalued
from workbook.importing.keys import known_rows, repeated_rows
from workbook.importing.mapping import find_column, find_field, has_column, map_columns, unique_names
from workbook.importing.neighbours import keeping, with_customers
from workbook.importing.number_formats import FORMATS as NUMBER_FORMATS
from workbook.importing.open_amounts import PLACES, Money, from_places, is_place, refuse_unused, without_double
from workbook.importing.options import ImportOptions
from workbook.importing.preview import ImportPlan
from workbook.importing.profile import Profile, load_profile
from workbook.importing.signs import give_signs, numbers, refuse_unknown_types, shares
from workbook.importing.source import Source
from workbook.importing.sources import read_source
from workbook.importing.total_rows import blanks, total_rows, without_totals
from workbook.importing.transform import Cells, change_words, flag_to_amount, set_constants
from workbook.importing.type_words import meanings
from workbook.ledger_checks import tell_unknown_terms
from workbook.messages import say
from workbook.problems import Problems
from workbook.schema import CHOICES_ZH, LEDGER, Field, Table
from workbook.tables import TABLES
from xladdin.errors import BadRequest

_EMPTY: Final = RawTable([], [])
_EXAMPLES: Final = {"document_type": "invoice", "currency": "CNY"}  # texts that one may say of every row


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
    source = replace(as_shown(source, path), header=unique_names(source.header))
    extra = _amount_places(source, profile, options)
    told = _told(table, profile)
    places = map_columns(table, source.header, source.name, told, automatic=not options.profile, taken=extra.values())
    money = _money(table, source, places, extra, frozenset(told) - set(profile.constants))
    cells, formats = _convert_all(table, source, places, profile)
    if table.key == LEDGER.key:
        totals = total_rows(cells, source, _sums(money, cells))
        source, cells = without_totals(source, cells, totals)
        money = replace(money, source=source)
    rows = _rows_with_data(cells, source.rows, _unvalued(source, places))
    changes = _transform(table, source, cells, profile, money, _unused(source, places, extra, profile))
    cells = _taken(cells, rows)
    typed, _ = read_table(table, list(cells), list(cells.values()), 0, language)
    earlier = _repeated(table, typed, list(cells), source, rows, _unused(source, places, extra, profile))
    known = np.zeros(len(rows), dtype=np.bool_)
    if options.mode == "append" and existing.header:
        there, _ = read_table(table, existing.header, existing.columns, existing.first_row)
        known = known_rows(table, typed, there, list(cells), source.name)
    problems = Problems(language)
    _tell_repeated(table, typed, earlier, source.numbers[rows], problems)
    new = np.flatnonzero(~known & (earlier < 0))
    cells, rows = _taken(cells, new), rows[new]
    typed, findings = read_table(table, list(cells), list(cells.values()), 0, language)
    file_rows = source.numbers[rows].astype(np.int32)
    tell_unvalued(table, source, places, rows, problems)
    check_keys(table, typed.set_column(typed.schema.get_field_index("row"), "row", pa.array(file_rows)), problems)
    tell_ahead(table, typed, file_rows, dt.date.today(), problems)  # noqa: DTZ011 - the user's day
    if table.key == LEDGER.key:
        tell_unknown_terms(typed, file_rows, problems)
    # the rows of these findings are places among the rows written; a finding of the whole table has row 0 and no value
    located = [
        replace(one, row=int(file_rows[one.row])) if one.column in cells else _missing(table, one, language) for one in findings
    ]
    mapping = {key: source.header[index] for key, index in places.items()}
    amounts = {key: source.header[index] for key, index in extra.items()}
    plan = ImportPlan(
        table, source.name, options.mode, cells, len(rows), source.rows, int(known.sum()), int((earlier >= 0).sum()), mapping,
        [source.header[index] for index in _unused(source, places, extra, profile)], source.detected, formats, changes,
        [*located, *problems.finish()],
        profile=replace(_learned(profile, mapping, formats), amounts=amounts), told=source.told,
    )  # fmt: skip
    plan = with_customers(plan, source, customers, options, rows, language)
    if options.mode == "replace":
        plan = keeping(plan, typed, existing)
        if money.amount_is_open:  # what the row held as settled is off the new amount already
            plan = replace(plan, kept={key: kept for key, kept in plan.kept.items() if key not in ("settled_amount", "settled_date")})
    return replace(plan, cells=_in_words(table, plan.cells, language))


def _repeated(table: Table, typed: pa.Table, fields: list[str], source: Source, rows: np.ndarray, unused: list[int]) -> np.ndarray:
    """Return the place of the row that each row repeats, in the columns that are not imported too: two lines of one document are two."""
    earlier = repeated_rows(table, typed, fields)
    if not (earlier >= 0).any():
        return earlier
    columns = [cells_of(source.columns[index]) for index in unused]
    beside = [pa.array([None if (cell := column[row]) is None else str(cell) for row in rows.tolist()], pa.string()) for column in columns]
    return repeated_rows(table, typed, fields, beside)


def _missing(table: Table, finding: Finding, language: str) -> Finding:
    """Say of a column that the file does not have how to tell it; the table of the workbook does have it."""
    if finding.column not in {field.key for field in table.fields if field.required}:
        return finding
    field = table.field(finding.column)
    text = _EXAMPLES.get(field.key, "")
    example = f"{field.key}=COLUMN" + (f", or --map {field.key}=={text}" if text else "")
    label, name = (field.zh, table.zh) if language == "zh" else (field.en, table.name)
    return replace(finding, message=say("missing_in_file", language, column=label, table=name, example=example))


def _rows_with_data(cells: Cells, count: int, formulas: list[int]) -> np.ndarray:
    """Return the places of the rows of the file in which any mapped column holds something, be it a formula without a value."""
    data = np.zeros(count, dtype=np.bool_)
    data[formulas] = True
    for column in cells.values():
        data |= ~blanks(column)
    return np.flatnonzero(data)


def _unvalued(source: Source, places: dict[str, int]) -> list[int]:
    return [place for index in places.values() for place in source.unvalued.get(index, {})]


def _tell_repeated(table: Table, typed: pa.Table, earlier: np.ndarray, file_rows: np.ndarray, problems: Problems) -> None:
    """Tell the rows that repeat another one of the file: they are left out."""
    for place in np.flatnonzero(earlier >= 0).tolist():
        key = table.unique[0]
        first = int(file_rows[earlier[place]])
        problems.add("repeated_row", table.name, int(file_rows[place]), key, typed[key][place].as_py(), first=first)


def _unused(source: Source, places: dict[str, int], extra: dict[str, int], profile: Profile) -> list[int]:
    """Return the columns of the file that nothing uses."""
    others = [*profile.customers.values(), *(column for column, _ in profile.flag_to_amount.values())]
    used = {*places.values(), *extra.values(), *(find_column(source.header, one, source.name) for one in others)}
    return [index for index, name in enumerate(source.header) if index not in used and name not in profile.ignored]


def _amount_places(source: Source, profile: Profile, options: ImportOptions) -> dict[str, int]:
    """Return the columns that hold what is open, or a side of debit and credit; a profile's only where the file has them."""
    told = {place for name in options.mapping if (place := is_place(name))}
    return {
        key: find_column(source.header, column, source.name)
        for key, column in profile.amounts.items()
        if key in told or has_column(source.header, column)
    }


def _money(table: Table, source: Source, places: dict[str, int], extra: dict[str, int], told: frozenset[str]) -> Money:
    """Say which columns hold money; leaves out a settlement that would count twice, and an amount that debit and credit give."""
    if "debit" in extra and "amount" not in told:
        places.pop("amount", None)
    amount = source.header[places["amount"]] if "amount" in places else ""
    money = Money(source, amount, extra, told)
    if table.key == LEDGER.key:
        without_double(places, money)
    return money


def _sums(money: Money, cells: Cells) -> list[np.ndarray]:
    """Return the columns in which a total may stand: the amounts, and those that say what is open or on which side."""
    others = [money.values(index) for key, index in money.places.items() if key != "debit_credit"]
    return [*([numbers(cells["amount"])] if "amount" in cells else []), *(values for values in others if values is not None)]


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
    ledger = table.key == LEDGER.key
    told = {place: column for name, column in options.mapping.items() if ledger and (place := is_place(name))}
    fields = {name: column for name, column in options.mapping.items() if ":" not in name and not (ledger and is_place(name))}
    wrong = [key for key in profile.amounts if key not in PLACES]
    if wrong:
        raise BadRequest(f"profile {profile.name}: amounts are {', '.join(PLACES)}; got {', '.join(wrong)}")
    return replace(
        profile,
        columns={
            **{find_field(table, key): name for key, name in profile.columns.items()}, **_keyed(table, fields),
        },
        constants={**_keyed(table, profile.constants), **_keyed(table, options.constants)},
        dates={**profile.dates, **options.date_formats},
        numbers={**profile.numbers, **options.number_formats},
        amounts={**profile.amounts, **told},
        signs=options.signs or profile.signs or ("debt" if profile.negative_to_credit_note else ""),
        ignored=(*profile.ignored, *options.ignored),
        words=_words(table, profile, options.mapping),
    )


def _words(table: Table, profile: Profile, told: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return the words of the source for words of ours: those of the profile, and those told as field:word=ours."""
    words = {key: dict(ones) for key, ones in profile.words.items()}
    for name, ours in told.items():
        key, mark, word = name.partition(":")
        if mark:
            words.setdefault(find_field(table, key.strip()), {})[word.strip()] = ours.strip()
    return words


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
        converted = _convert(table.field(key), key, source, index, profile)
        cells[key] = converted.cells
        if converted.read_as:
            formats[key] = converted.read_as
    for key in profile.constants:
        places.pop(key, None)
    return cells, formats


def _convert(field: Field, key: str, source: Source, index: int, profile: Profile) -> Converted:
    """Convert one column in the formats that were said of it, by its name, its field, or for every column."""
    name = source.header[index]
    asked = [{one: values.get(one, "") for one in (name, key, "")} for values in (profile.dates, profile.numbers)]
    date_format, number_format = (choice[name] or choice[key] or choice[""] for choice in asked)
    return convert(field, name, source.columns[index], date_format, number_format)


def _transform(table: Table, source: Source, cells: Cells, profile: Profile, money: Money, unused: list[int]) -> list[str]:
    changes = set_constants(cells, profile.constants, source.rows)
    if table.key == LEDGER.key:
        changes += _amounts(table, source, cells, profile, money, unused)
    else:
        changes += change_words(cells, profile.words)
    for key, (column, yes) in profile.flag_to_amount.items():
        flags = convert(table.field("document_no"), column, source.columns[find_column(source.header, column, source.name)], "", "").cells
        changes.append(flag_to_amount(cells, key, flags, yes))
    return [change for change in changes if change]


def _amounts(table: Table, source: Source, cells: Cells, profile: Profile, money: Money, unused: list[int]) -> list[str]:
    """Give each row of the ledger its type and its amounts with the ledger's signs, or refuse the file."""
    amount = table.field("amount")
    changes = from_places(money, cells, lambda key, index: _convert(amount, key, source, index, profile))
    refuse_unused(money, cells, unused)
    words = cells.get("document_type", [])
    known = meanings(word for word in words if isinstance(word, str))
    told = profile.words.get("document_type", {})
    known = {word: ours for word, ours in known.items() if plain(word) not in map(plain, told)}
    changes += change_words(cells, {**profile.words, "document_type": {**known, **told}})
    refuse_unknown_types(cells, words, source.name)
    changes += shares(cells)
    header = [plain(source.header[index]) for index in range(len(source.header)) if index not in unused]
    ours = all(name in field_names(table) for name in header)
    asked = profile.signs or ("debt" if {"debit", "debit_credit"} & money.places.keys() else "")
    return [*changes, *give_signs(cells, asked, source.name, ours=ours, foreign=frozenset(known.values()) | frozenset(told.values()))]


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
