"""The demo's ledger, laid down in every place that a ledger may lie in."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from functools import cache

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.large.servers import postgres, tools
from workbook.book import RawTable, read_book
from workbook.demo import demo_data
from workbook.schema import LEDGER
from workbook.tables import TABLES


@cache
def demo_book(**settings):
    """The demo's book as if a sheet had been read."""
    data = demo_data()
    raw = {}
    for key in TABLES:
        if key in data:
            columns = data[key]
            raw[key] = RawTable(list(columns), [list(values) for values in columns.values()], 2)
    return read_book(raw, settings)


def documents(book) -> pa.Table:
    """The documents, as another system would hand them over: no numbers of sheet rows."""
    return book.tables["ledger"].select([field.key for field in LEDGER.fields])


@contextmanager
def parquet(book, folder):
    path = folder / "ledger.parquet"
    pq.write_table(documents(book), path)
    yield str(path)


@contextmanager
def parquet_folder(book, folder):
    table = documents(book)
    (folder / "ledger" / "more").mkdir(parents=True)
    half = table.num_rows // 2
    pq.write_table(table.slice(0, half), folder / "ledger" / "a.parquet")
    pq.write_table(table.slice(half), folder / "ledger" / "more" / "b.parquet")
    yield str(folder / "ledger")


@contextmanager
def csv(book, folder):
    path = folder / "ledger.csv"
    pyarrow.csv.write_csv(documents(book), path)
    yield str(path)


@contextmanager
def duckdb_file(book, folder):
    path = folder / "books.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("given", documents(book))
        connection.execute("CREATE TABLE receivables AS SELECT * FROM given")
    yield f"duckdb:///{path}?table=receivables"


@contextmanager
def postgres_server(book, folder):
    with postgres() as (address, _):
        fill_postgres(address, documents(book))
        yield f"{address}&table=books.receivables"


def fill_postgres(address, table):
    """Make the table books.receivables: amounts NUMERIC, days DATE, as an ERP keeps them."""
    kinds = {"amount": "NUMERIC(18,4)", "date": "DATE", "integer": "BIGINT", "flag": "BOOLEAN"}
    columns = ", ".join(f'"{field.key}" {kinds.get(field.kind, "TEXT")}' for field in LEDGER.fields)
    texts = table.cast(pa.schema([(f.name, pa.string() if pa.types.is_decimal(f.type) else f.type) for f in table.schema]))
    with adbc.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("raw", texts)
        cursor.execute("CREATE SCHEMA books")
        cursor.execute(f"CREATE TABLE books.receivables ({columns})")
        casts = ", ".join(f'"{field.key}"::{kinds.get(field.kind, "TEXT")}' for field in LEDGER.fields)
        cursor.execute(f"INSERT INTO books.receivables SELECT {casts} FROM raw")


@contextmanager
def spark_local(book, folder):
    path = folder / "ledger"
    path.mkdir()
    pq.write_table(documents(book), path / "a.parquet")
    yield f"spark:local?path={path}"


SOURCES = {
    "parquet": parquet, "parquet folder": parquet_folder, "csv": csv, "duckdb": duckdb_file, "postgres": postgres_server, "spark": spark_local,
}


def needs(kind):
    """What a place needs on this machine: marks for pytest."""
    if kind == "postgres":
        return (pytest.mark.postgres, pytest.mark.skipif(tools() is None, reason="PostgreSQL is not installed"))
    if kind == "spark":
        return (pytest.mark.spark, pytest.mark.slow, pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"))
    return ()
