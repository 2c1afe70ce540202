"""What holds between the rows of a table and between tables: keys that name one row, references that lead somewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from functions.limitation import LAWS
from workbook.letters.law import governing
from workbook.messages import column_label, table_label
from workbook.problems import Problems
from workbook.schema import CONTRACTS, LEDGER, Table
from workbook.tables import TABLES

_NAMED: Final = 5  # contracts of one customer and law that a line names
_SEPARATOR: Final = "\x1f"  # the unit separator of ASCII: no cell can hold it


def mask(values: Any) -> np.ndarray:
    """Return a boolean column as a numpy mask; null counts as False."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def rows_of(table: pa.Table) -> np.ndarray:
    """Return each row's number on its sheet."""
    return np.asarray(table["row"].to_numpy())


def key_column(table: Table, data: pa.Table) -> pa.ChunkedArray:
    """Return the columns that name a row as one text each; null when the first of them is blank. A blank instalment is 0."""
    parts = [pc.cast(data[name], pa.string()) for name in table.unique]
    blanks = ["0" if name == "instalment" else "" for name in table.unique]
    parts = [parts[0], *(pc.fill_null(part, blank) for part, blank in zip(parts[1:], blanks[1:], strict=True))]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, _SEPARATOR)


def check_keys(table: Table, data: pa.Table, problems: Problems) -> None:
    """Tell each row whose key an earlier row has."""
    if not table.unique or not data.num_rows:
        return
    keys = key_column(table, data)
    encoded = keys.combine_chunks().dictionary_encode() if isinstance(keys, pa.ChunkedArray) else keys.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1))
    present = codes >= 0
    # codes count up in order of first appearance, so a code not above all codes before it was there already
    highest = np.concatenate(([-1], np.maximum.accumulate(codes)[:-1]))
    again = present & (codes <= highest)
    if not again.any():
        return
    rows = rows_of(data)
    first = np.full(len(encoded.dictionary), -1, dtype=np.int64)
    position = np.flatnonzero(present & ~again)
    first[codes[position]] = position
    words = {name: data[name] for name in table.unique}
    for index in np.flatnonzero(again).tolist():
        values = [(name, words[name][index].as_py()) for name in table.unique]
        shown = ", ".join(
            f"{column_label(table.name, name, problems.language)} {problems.choice(str(value))}"
            for name, value in values
            if value is not None
        )
        earlier = int(rows[first[codes[index]]])
        problems.add("duplicate", table.name, int(rows[index]), table.unique[0], values[0][1], key=shown, first=earlier)


def check_references(table: Table, tables: dict[str, pa.Table], problems: Problems) -> None:
    """Tell values that should stand in another table and do not: one line for each value, at its first row."""
    data = tables[table.key]
    for field in table.fields:
        target_key, _, target_column = field.refers.partition(".")
        if not target_key or target_key == LEDGER.key or not data.num_rows:
            continue  # what a ledger row settles is checked with the ledger
        target = TABLES[target_key]
        values = data[field.key].combine_chunks()
        known = tables[target_key][target_column].combine_chunks().drop_null()
        lost = mask(pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=known))))
        if lost.any():
            label = table_label(target.name, problems.language)
            _tell_lost(table, field.key, values, lost, rows_of(data), label, problems, empty=not len(known))
    _check_groups(table, tables, problems)


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return each name that an earlier one equals but for case, spaces, width of characters or leading zeros, with that one."""
    first: dict[str, str] = {}
    pairs = []
    for name in names:
        other = first.setdefault(_same_to_a_reader(name), name)
        if other != name:
            pairs.append((name, other))
    return pairs


def _same_to_a_reader(name: str) -> str:
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    short = "".join(plain.split()).casefold()
    return short.lstrip("0") or "0" if short.isdecimal() else short


def check_customers_alike(tables: dict[str, pa.Table], problems: Problems) -> None:
    """Tell customers whose numbers look the same: what one of them pays does not settle what the other owes."""
    rows: dict[str, tuple[str, int]] = {}
    for key in ("customers", "ledger"):
        coded = tables[key]["customer_id"].combine_chunks().dictionary_encode()
        indices = np.asarray(coded.indices.fill_null(-1))
        places, firsts = np.unique(indices, return_index=True)
        names = coded.dictionary.to_pylist()
        for place, at in sorted(zip(places.tolist(), firsts.tolist(), strict=True), key=itemgetter(1)):
            if place >= 0:
                rows.setdefault(names[place], (TABLES[key].name, int(rows_of(tables[key])[at])))
    for name, other in alike(rows):
        table, row = rows[name]
        problems.add("customers_alike", table, row, "customer_id", name, other=other)


def check_laws(contracts: pa.Table, problems: Problems) -> None:
    """Tell contracts under a law whose limitation is not known: one line for each customer and law, at its first row."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in contracts.select(["row", "contract_no", "customer_id", "governing_law"]).to_pylist():
        if row["governing_law"] and governing(row["governing_law"], None) not in LAWS:
            key = (row["customer_id"] or "", row["governing_law"])
            found.setdefault(key, []).append((row["row"], row["contract_no"] or "?"))
    for (customer, law), ones in found.items():
        numbers = ", ".join(number for _, number in ones[:_NAMED]) + (" …" if len(ones) > _NAMED else "")
        values = {"contracts": numbers, "customer": customer, "known": ", ".join(LAWS)}
        problems.add("unknown_limitation", CONTRACTS.name, ones[0][0], "governing_law", law, **values)


def _check_groups(table: Table, tables: dict[str, pa.Table], problems: Problems) -> None:
    """Tell customers whose group names no customer."""
    if table.key != "customers" or not tables["customers"].num_rows:
        return
    data = tables["customers"]
    groups = data["group_id"].combine_chunks()
    known = data["customer_id"].combine_chunks().drop_null()
    lost = mask(pc.and_(pc.is_valid(groups), pc.invert(pc.is_in(groups, value_set=known))))
    if lost.any():
        _tell_lost(table, "group_id", groups, lost, rows_of(data), table_label(table.name, problems.language), problems, empty=False)


def _tell_lost(
    table: Table, column: str, values: pa.Array, lost: np.ndarray, rows: np.ndarray, target: str, problems: Problems, *, empty: bool,
) -> None:
    places = np.flatnonzero(lost)
    if empty:
        problems.add("nothing_to_refer_to", table.name, 0, column, count=len(places), target=target)
        return
    coded = values.take(pa.array(places)).dictionary_encode()
    codes = np.asarray(coded.indices)
    _, firsts, counts = np.unique(codes, return_index=True, return_counts=True)
    names = coded.dictionary.to_pylist()
    for code, (first, count) in enumerate(zip(firsts.tolist(), counts.tolist(), strict=True)):
        problems.add("refers_to_nothing", table.name, int(rows[places[first]]), column, names[code], target=target, count=count)
