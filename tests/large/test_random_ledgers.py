"""Shortcuts of a large ledger change no answer: what is settled leaves early, and only instalments take the long way."""

from __future__ import annotations

import datetime as dt
import random

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.large.sources import documents
from tests.ledgers import book_of
from tests.workbook.test_aging import random_ledger
from workbook.large.ledger import open_ledger
from workbook.large.problems import tell
from workbook.open_items import COLUMNS, applied, read_open_items, several_charges, steps

DAY = dt.date(2025, 12, 31)
WHAT = [name for name in COLUMNS if name != "row"]


def book(seed, *, negative=True, instalments=True, partly=True):
    """Fifty customers, some of whom share their documents' numbers."""
    chance = random.Random(seed)
    rows = []
    for number in range(50):
        rows += random_ledger(chance, f"C{number}")
    for row in rows:
        if not partly:
            row["settled_amount"] = None
        if instalments and chance.random() < 0.2:
            row["document_no"] = row["document_no"].replace("C1", "C2")
        if not negative:
            row["amount"] = abs(row["amount"])
        part = row.get("instalment") or 0
        if not instalments and part:
            row["instalment"] = None
            row["document_no"] += f"-{part}" if part > 1 else ""
        if chance.random() < 0.3 and row.get("document_type", "invoice") == "invoice":
            row["settled_date"] = row["document_date"] + dt.timedelta(chance.randrange(200))
    return book_of(rows)


def told(table):
    """The rows without their order and number."""
    found = table.select(WHAT).to_pylist()
    return sorted(found, key=lambda row: tuple(str(row[name]) for name in WHAT))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", [{}, {"negative": False}, {"negative": False, "instalments": False}, {"partly": False}, {"negative": False, "partly": False}], ids=str)
def test_a_ledger_in_a_file_has_the_sheets_open_items_and_control(kind, seed, tmp_path):
    read = book(seed, **kind)
    path = tmp_path / "ledger.parquet"
    table = documents(read)
    filled = [name for name in table.column_names if table[name].null_count < table.num_rows]
    assert ("settled_amount" in filled) == kind.get("partly", True)
    pq.write_table(table.select(filled), path)  # another system has not all of our columns
    large = open_ledger(str(path))
    items, control = read_open_items(read.tables["ledger"], DAY)
    assert items.num_rows > 20
    assert told(large.all_items(DAY)) == told(items)
    assert large.control(DAY) == control
    assert sum(control.values()) == pc.sum(items["open"]).as_py()
    large.engine.close()


def test_texts_with_spaces_around_them_are_the_same_texts(tmp_path):
    read = book(3)
    table = documents(read)
    pq.write_table(table, tmp_path / "clean.parquet")
    for place, name in enumerate(("document_no", "customer_id", "reference", "currency", "document_type")):
        before, after = ("", " \t") if place % 2 else ("\n ", "\r\n")
        spaced = pc.binary_join_element_wise(before, table[name].cast(pa.string()), after, "")
        alone = pc.if_else(pa.array([row % 3 == 0 for row in range(table.num_rows)]), spaced, table[name].cast(pa.string()))
        table = table.set_column(table.schema.get_field_index(name), name, alone)
    pq.write_table(table, tmp_path / "spaced.parquet")
    clean, spaced = (open_ledger(str(tmp_path / f"{name}.parquet")) for name in ("clean", "spaced"))
    assert told(spaced.all_items(DAY)) == told(clean.all_items(DAY))
    assert spaced.control(DAY) == clean.control(DAY)


@pytest.mark.parametrize("seed", range(6, 12))
def test_the_short_way_of_single_documents_is_the_long_way_of_all(seed):
    ledger = book(seed).tables["ledger"]
    table = ibis.table(ibis.Schema.from_pyarrow(ledger.schema), name="ledger")
    parts = steps(table, DAY)
    numbers = ibis.union(parts.charges.select("document_no"), parts.given.select(document_no="given_document"), distinct=True)
    with duckdb.connect() as connection:
        connection.register("ledger", ledger)
        short, long = (
            connection.sql(ibis.to_sql(applied(parts, several), dialect="duckdb")).to_arrow_table() for several in (several_charges(parts), numbers)
        )
    assert short.num_rows > 20
    assert told(short) == told(long)


@pytest.mark.parametrize("seed", range(3))
def test_p11_p23_due_dates_and_instalments_out_of_order_are_the_sheets(seed, tmp_path):
    chance = random.Random(seed)
    rows = []
    for number in range(40):
        base = {"document_no": f"I{number}", "customer_id": f"C{number % 5}", "document_date": dt.date(2025, 1, 1) + dt.timedelta(number)}
        terms = chance.choice(["NET 30", "D/A 90", "0002", "L/C at sight", None, "EOM"])
        parts = chance.choice([1, 3])
        for part in range(parts):
            due = None if chance.random() < 0.5 else base["document_date"] + dt.timedelta(chance.randrange(300))
            rows.append({**base, "instalment": part + 1 if parts > 1 else None, "amount": 100.0, "terms": terms, "due_date": due})
        rows.append({
            **base, "document_no": f"P{number}", "document_type": chance.choice(["payment", "credit note"]), "amount": 40.0 * parts,
            "reference": chance.choice([f"I{number}", None]), "terms": terms,
        })
    read = book_of(rows)
    ledger = read.tables["ledger"]
    blank = [row.get("due_date") for row in rows]
    table = documents(read)
    table = table.set_column(table.schema.get_field_index("due_date"), "due_date", pa.array(blank, pa.date32()))
    pq.write_table(table, tmp_path / "ledger.parquet")
    large = open_ledger(str(tmp_path / "ledger.parquet"))
    items, control = read_open_items(ledger, DAY)
    assert told(large.all_items(DAY)) == told(items)
    assert large.control(DAY) == control
    without = [one.message for one in tell(large, "en") if one.column == "terms"]
    assert len(without) == 1
    assert "without due date and counts as not due" in without[0]
    large.engine.close()
