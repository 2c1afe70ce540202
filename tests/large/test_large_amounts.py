"""Amounts of ten billion and more in a ledger that lies elsewhere: exact in every engine, a counted finding beyond fourteen digits."""

from __future__ import annotations

import datetime as dt

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import pyarrow.parquet as pq
import pytest

from tests.large.servers import postgres
from tests.large.sources import SOURCES, needs
from tests.ledgers import book_of
from workbook.large.ledger import open_ledger
from workbook.large.problems import tell
from workbook.open_items import read_open_items

D = dt.date
DAY = D(2026, 6, 30)
AMOUNTS = (1e10, 10_000_000_000.01, 123_456_789_012.34, 99_999_999_999_999.98, 50.0)
KINDS = {"DOUBLE": "DOUBLE PRECISION", "DECIMAL(30, 2)": "NUMERIC", "DECIMAL(38, 6)": "NUMERIC(30, 6)", "BIGINT": "BIGINT", "HUGEINT": "NUMERIC(30)"}
TOO_LARGE = 10**14


def book():
    rows = [{"document_no": f"I{place}", "customer_id": f"C{place}", "currency": "VND", "amount": amount} for place, amount in enumerate(AMOUNTS)]
    parts = [{"document_no": "P1", "instalment": part, "customer_id": "P", "currency": "IDR", "amount": 2e13} for part in (1, 2)]
    paid = {"document_no": "P2", "document_type": "payment", "customer_id": "P", "currency": "IDR", "amount": 2.5e13, "reference": "P1"}
    return book_of([*rows, *parts, paid])


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in SOURCES])
def test_p24_amounts_of_ten_billion_and_more_are_exact_in_every_engine(kind, tmp_path):
    read = book()
    _, control = read_open_items(read.tables["ledger"], DAY)
    with SOURCES[kind](read, tmp_path) as place:
        large = open_ledger(place)
        assert large.control(DAY) == control
        assert sum(large.all_items(DAY)["open"].to_pylist()) == sum(control.values())
        assert not [one for one in tell(large, "en") if one.severity == "error"]
        large.engine.close()


def rows(kind):
    amounts = [TOO_LARGE, 10**15, -TOO_LARGE, 20_000_000_000, 50]
    made = ", ".join(f"('I{place}', 'C{place}', {amount}::{kind})" for place, amount in enumerate(amounts))
    return (
        "SELECT n AS document_no, c AS customer_id, a AS amount, 'invoice' AS document_type, 'VND' AS currency, "
        f"DATE '2026-01-01' AS document_date, DATE '2026-02-01' AS due_date FROM (VALUES {made}) AS t (n, c, a)"
    )


def assert_left_out(place):
    large = open_ledger(place)
    assert large.control(DAY) == {("C3", "VND"): 200_000_000_000_000, ("C4", "VND"): 500_000}
    told = [one.message for one in tell(large, "en") if one.severity == "error"]
    assert told[0] == "3 rows: Amount is no amount, or 100,000,000,000,000 and more."
    assert told[1].startswith("3 rows are left out of the reports")
    large.engine.close()


@pytest.mark.parametrize("kind", KINDS)
def test_p24_an_amount_beyond_fourteen_digits_is_counted_and_holds_up_nobody(kind, tmp_path):
    with duckdb.connect(str(tmp_path / "books.duckdb")) as connection:
        connection.execute(f"CREATE TABLE receivables AS {rows(kind)}")
        table = connection.sql("FROM receivables").to_arrow_table()
    assert_left_out(f"duckdb:///{tmp_path / 'books.duckdb'}?table=receivables")
    pq.write_table(table, tmp_path / "l.parquet")
    assert_left_out(str(tmp_path / "l.parquet"))


def test_p24_the_same_in_texts(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({rows('BIGINT')}) TO '{tmp_path / 'l.csv'}' (HEADER)")
    assert_left_out(str(tmp_path / "l.csv"))


@pytest.mark.postgres
@pytest.mark.parametrize("marks", [pytest.param(None, marks=needs("postgres"))])
def test_p24_the_same_in_postgresql(marks):
    with postgres() as (address, _):
        for place, kind in enumerate(KINDS.values()):
            with adbc.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE receivables{place} AS {rows(kind)}")
            assert_left_out(f"{address}&table=receivables{place}")


@pytest.mark.parametrize("kind", [pytest.param("spark", marks=needs("spark"))])
def test_p24_the_same_in_spark(kind, tmp_path):
    with duckdb.connect() as connection:
        for place, one in enumerate(("DOUBLE", "DECIMAL(38, 6)", "BIGINT")):
            folder = tmp_path / f"l{place}"
            folder.mkdir()
            pq.write_table(connection.sql(rows(one)).to_arrow_table(), folder / "a.parquet")
            assert_left_out(f"spark:local?path={folder}")
