"""Bad input and faults of large ledgers: one clear sentence, never a traceback, never a wrong number."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.large.servers import postgres, tools
from tests.large.sources import SOURCES, demo_book, documents, fill_postgres
from workbook.large.attach import with_ledger
from workbook.large.duck import DuckEngine
from workbook.large.ledger import open_ledger
from workbook.large.places import read_place
from workbook.large.problems import tell
from xladdin.addresses import without_password
from xladdin.errors import BadRequest

DAY = dt.date(2026, 6, 30)


def parquet(folder, name="l.parquet", **changed):
    table = documents(demo_book()).slice(0, 500)
    for key, values in changed.items():
        place = table.schema.get_field_index(key)
        table = table.remove_column(place) if values is None else table.set_column(place, key, values)
    folder.mkdir(exist_ok=True)
    pq.write_table(table, folder / name, row_group_size=100)
    return str(folder / name)


def test_missing_columns_are_named_with_what_to_say(tmp_path):
    with pytest.raises(BadRequest, match=r"l.parquet lacks customer_id: its columns are .*--map, such as customer_id=column"):
        open_ledger(parquet(tmp_path, customer_id=None))


def test_a_column_told_by_hand_and_a_constant_take_the_place_of_names(tmp_path):
    path = parquet(tmp_path, currency=None)
    large = open_ledger(path, "currency==CNY")
    assert {code for _, code in large.control(DAY)} == {"CNY"}
    large.engine.close()


def test_a_column_of_the_wrong_type_is_named(tmp_path):
    with pytest.raises(BadRequest, match=r"the column amount \(amount\) holds .*, where a amount is wanted"):
        open_ledger(parquet(tmp_path, amount=pa.array([[1.0]] * 500)))


def test_texts_that_are_no_amounts_are_counted_and_left_out(tmp_path):
    large = open_ledger(parquet(tmp_path, amount=pa.array(["1,234.50"] * 498 + ["about 3"] * 2)))
    found = tell(large, "en")
    assert any(one.message == "2 rows: Amount cannot be read." for one in found)
    assert any("2 rows are left out of the reports" in one.message or one.message.startswith(("1 row:", "2 rows:")) for one in found)
    large.engine.close()


def test_a_folder_with_different_columns_is_refused(tmp_path):
    parquet(tmp_path / "l", "a.parquet")
    parquet(tmp_path / "l", "b.parquet", due_date=None)
    with pytest.raises(BadRequest, match=r"the files of l have different columns: due_date is date32\[day\] in a.parquet and absent in b.parquet"):
        open_ledger(str(tmp_path / "l"))


def test_a_damaged_file_is_named(tmp_path):
    path = parquet(tmp_path)
    with Path(path).open("r+b") as file:
        file.seek(-300, os.SEEK_END)
        file.write(b"\xff" * 200)
    with pytest.raises(BadRequest, match=r"l\.parquet"):
        open_ledger(path)


def test_a_bad_row_group_is_said_when_it_is_read(tmp_path):
    path = parquet(tmp_path)
    metadata = pq.read_metadata(path)
    column = metadata.row_group(2).column(metadata.schema.to_arrow_schema().names.index("amount"))
    with Path(path).open("r+b") as file:
        file.seek(column.data_page_offset - 5)
        file.write(b"\xff" * 200)
    with pytest.raises(BadRequest, match=r"l\.parquet cannot be read"):
        open_ledger(path).control(DAY)


def test_a_small_memory_goes_to_the_disk_and_does_not_die(tmp_path, monkeypatch):
    path = tmp_path / "l.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"""COPY (SELECT 'I' || i AS document_no, 'invoice' AS document_type, 'C' || (i % 1000) AS customer_id,
            DATE '2026-01-01' AS document_date, DATE '2026-02-01' AS due_date, 'CNY' AS currency, CAST(i AS DECIMAL(18,2)) AS amount
            FROM range(1000000) n(i)) TO '{path}'""")
    monkeypatch.setenv("XLADDIN_MEMORY", "150MB")
    large = open_ledger(str(path))
    assert sum(large.engine.query(large.items(DAY).select("open"))["open"].to_pylist()) == 499_999_500_000 * 10_000
    large.engine.close()
    monkeypatch.setenv("XLADDIN_MEMORY", "much")
    with pytest.raises(BadRequest, match="XLADDIN_MEMORY must be a size like 2GB"):
        open_ledger(str(path))


def test_spark_without_java_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BadRequest, match="Spark needs Java 17 and there is none"):
        open_ledger(f"spark:local?path={parquet(tmp_path)}")


def test_a_workbook_alone_calls_no_other_machine():
    book = demo_book()
    changed = replace(book, settings=book.settings.model_copy(update={"ledger": "postgres://u:secret@far.example/books"}))
    with pytest.raises(BadRequest, match="another machine: give it with --ledger") as told, with_ledger(changed, said=False):
        pass
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("ledger", [
    "postgres://u:s3cr3t@127.0.0.1:1/books", "postgres://u:s3cr3t@/", "postgres://u:s3cr3t/x@127.0.0.1:1/books", "postgres://u:s3cr3t@x@127.0.0.1:1/books",
    "postgres://u:s3cr3t:x@127.0.0.1:1/books", "postgres://u:s3cr3t?x@127.0.0.1/books", "postgres://u:s3cr3t#x@127.0.0.1:1/books",
    "postgres://u:s3cr3t%zz@127.0.0.1:1/books", "postgres://127.0.0.1:1/books?password=s3cr3t&user=u", "postgres://u:s3cr3t@127.0.0.1:1/books?table=a b;c",
    "postgres://u:s3cr3t@[::1/books", "postgres://u:s3cr3t@127.0.0.1:port/books", "mysql://u:s3cr3t@far.example/books", "spark://u:s3cr3t@far.example:7077",
    "postgresql+psycopg://u:s3cr3t@far.example/books", "postgres:u:s3cr3t@far.example/books", "u:s3cr3t@far.example/books",
    "postgres://u:s3cr3t@127.0.0.1:1/books?sslpassword=s3cr3t&sslmode=bogus",
])  # fmt: skip
def test_p28_no_password_of_a_ledger_s_address_stands_in_a_message(ledger):
    with pytest.raises(BadRequest) as told:
        open_ledger(ledger)
    assert "s3cr3t" not in str(told.value)
    for source in (score_source, snapshots_elsewhere):
        with pytest.raises(BadRequest) as told:
            source(ledger)
        assert "s3cr3t" not in str(told.value)


def score_source(ledger):
    from workbook.large.score_job import score_companies

    place = read_place(ledger)
    score_companies(place, Path("out.parquet"), as_of=DAY)


def snapshots_elsewhere(ledger):
    from workbook.settings import read_settings

    read_settings({"snapshots": ledger if "://" in ledger else f"https://{ledger}"})


@pytest.mark.parametrize(("address", "shown"), [
    ("postgres://u:a@h/b", "postgres://u:…@h/b"), ("postgres://u@h:5432/b", "postgres://u@h:5432/b"), ("postgres://h:5432/b?x=a@b", "postgres://h:5432/b?x=a@b"),
    ("duckdb:///a@b.duckdb", "duckdb:///a@b.duckdb"), ("C:\\a@b.csv", "C:\\a@b.csv"), ("postgres://u:12345@h/b", "postgres://u:…@h/b"),
    ("https://h/x?a=1&api_key=abc&b=2", "https://h/x?a=1&api_key=…&b=2"), ("https://h/x?table=a&user=b", "https://h/x?table=a&user=b"),
])  # fmt: skip
def test_an_address_is_shown_with_all_that_is_no_secret(address, shown):
    assert without_password(address) == shown


@pytest.mark.postgres
@pytest.mark.skipif(tools() is None, reason="PostgreSQL is not installed")
def test_a_database_that_goes_away_is_said_and_it_was_never_written_to():
    with postgres() as (address, stop):
        fill_postgres(address, documents(demo_book()))
        large = open_ledger(f"{address}&table=books.receivables")
        with pytest.raises(Exception, match="read-only"), large.engine._connection.cursor() as cursor:
            cursor.execute("DELETE FROM books.receivables")
        large.engine._connection.rollback()
        stop()
        with pytest.raises(BadRequest, match="does not answer the question"):
            large.control(DAY)
        with pytest.raises(BadRequest, match="does not answer the question"):
            open_ledger(f"{address}&table=books.receivables")


def test_where_memory_is_too_small_for_all_cores_one_goes_on(tmp_path):
    with SOURCES["parquet"](demo_book(), tmp_path) as ledger:
        engine = DuckEngine(read_place(ledger))
        threads = []

        def work():
            threads.append(engine._connection.sql("SELECT current_setting('threads')").fetchall()[0][0])
            if len(threads) == 1:
                raise duckdb.OutOfMemoryException("no block")
            return "done"

        before = engine._connection.sql("SELECT current_setting('threads')").fetchall()[0][0]
        assert engine._patiently(work) == "done"
        assert threads == [before, 1]
        assert engine._connection.sql("SELECT current_setting('threads')").fetchall()[0][0] == before
        engine.close()


def test_p09_a_column_of_what_is_open_that_nothing_uses_is_refused_until_one_is_chosen(tmp_path):
    path = tmp_path / "items.csv"
    head = "document_no,document_type,customer_id,document_date,due_date,currency,amount,Remaining Amount\n"
    path.write_text(head + "I1,invoice,C1,2026-01-05,2026-02-04,CNY,100.00,40.00\nI2,invoice,C1,2026-01-05,2026-02-04,CNY,50.00,50.00\n")
    with pytest.raises(BadRequest, match=r"items.csv: Remaining Amount would change what is open, and nothing uses it; .*amount=Remaining Amount"):
        open_ledger(str(path))
    large = open_ledger(str(path), "amount=Remaining Amount")
    assert sum(large.control(DAY).values()) == 90 * 10_000
    large.engine.close()
