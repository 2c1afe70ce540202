"""A ledger from somebody else holds rows and nothing more: no file is read by it, nothing is fetched, and names of files are names."""

from __future__ import annotations

import datetime as dt
import shutil

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.large.sources import needs
from workbook.large.ledger import open_ledger
from workbook.large.places import read_place
from workbook.large.score_job import score_companies
from xladdin.errors import BadRequest
from xladdin.jobs.large import drill_file, snapshot_file, tell_trends

HEADER = "document_no,document_type,customer_id,document_date,due_date,currency,amount"
FIELDS = (
    "SELECT {text} AS document_no, 'invoice' AS document_type, 'C1' AS customer_id, DATE '2026-01-01' AS document_date, "
    "DATE '2026-02-01' AS due_date, 'CNY' AS currency, 100.0::DECIMAL(18, 2) AS amount {source}"
)


def line(number, amount):
    return f"{HEADER}\n{number},invoice,C1,2026-01-01,2026-02-01,CNY,{amount}\n"


def document_numbers(place):
    ledger = open_ledger(str(place), "", None, own_rows=False)
    try:
        return sorted(ledger.typed()["document_no"].to_pylist())
    finally:
        ledger.engine.close()


def book_of(folder, *statements):
    path = folder / "books.duckdb"
    with duckdb.connect(str(path)) as connection:
        for sql in statements:
            connection.execute(sql)
    return f"duckdb:///{path}"


# ---- a DuckDB file


@pytest.mark.parametrize("source", ["read_text", "read_blob", "read_csv", "glob", "duckdb_secrets"])
def test_p25_a_view_of_a_duckdb_file_reads_no_file_of_the_user(source, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2\n")
    text = {"read_csv": "'x'", "glob": "file", "duckdb_secrets": "name"}.get(source, "content::VARCHAR")
    call = f"FROM {source}({'' if source == 'duckdb_secrets' else repr(str(secret))})"
    address = book_of(tmp_path, f"CREATE VIEW ledger AS {FIELDS.format(text=text, source=call)}")
    with pytest.raises(BadRequest, match="is a view"):
        document_numbers(address)


def test_p25_a_table_of_a_duckdb_file_is_read_with_macros_and_generated_columns_beside_it(tmp_path):
    address = book_of(
        tmp_path,
        f"CREATE TABLE ledger AS {FIELDS.format(text=chr(39) + 'I1' + chr(39), source='')}",
        "CREATE MACRO round(x) AS 42", "CREATE MACRO trim(x) AS 'spoilt'", "CREATE VIEW other AS SELECT 1", 'CREATE SCHEMA "odd ""one"',
        f'CREATE TABLE "odd ""one"."ledger" AS {FIELDS.format(text=chr(39) + "I2" + chr(39), source="")}',
    )  # fmt: skip
    assert document_numbers(address) == ["I1"]
    assert document_numbers(f"{address}?table=main.LEDGER") == ["I1"]
    assert document_numbers(f"{address}?table=books.main.ledger") == ["I1"]
    for table in ("nothing", "main.other", "duckdb_settings", "information_schema.tables", "pg_catalog.pg_class", "elsewhere.ledger"):
        with pytest.raises(BadRequest):
            document_numbers(f"{address}?table={table}")


def test_p25_what_reads_a_ledger_reads_nothing_else_and_cannot_be_opened(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(line("X", 1))
    address = book_of(tmp_path, f"CREATE TABLE ledger AS {FIELDS.format(text=chr(39) + 'I1' + chr(39), source='')}")
    ours = tmp_path / "mine"
    ours.mkdir()
    (ours / "ledger.csv").write_text(line("I1", 1))
    for place in (address, str(ours / "ledger.csv"), str(ours)):
        ledger = open_ledger(place, "", None, own_rows=False)
        connection = ledger.engine._connection
        for sql in (
            f"SELECT * FROM read_csv('{secret}')", f"SELECT * FROM read_text('{secret}')", f"ATTACH '{tmp_path}/new.duckdb'", f"COPY (SELECT 1) TO '{secret}'",
            "LOAD httpfs", "INSTALL httpfs", "SET enable_external_access = true", "SET lock_configuration = false", "RESET autoload_known_extensions",
            "SET allowed_configs = ['enable_external_access']", "SELECT * FROM glob('*')",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                connection.execute(sql).fetchall()
        found = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
        named = ("enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions", "lock_configuration")
        assert [found[name] for name in named] == ["false", "false", "false", "false", "true"]
        ledger.engine.close()
    assert secret.read_text() == line("X", 1)


def test_p25_a_file_that_only_calls_itself_duckdb_is_refused_and_loads_no_extension(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "s.duckdb") as connection:
        connection.execute("CREATE TABLE ledger (a)")
    (tmp_path / "t.duckdb").write_text("no database")
    for name in ("s.duckdb", "t.duckdb"):
        with pytest.raises(BadRequest, match="cannot be read"):
            document_numbers(f"duckdb:///{tmp_path / name}")


# ---- addresses


UNC = ("//server/share/l.csv", "\\\\server\\share\\l.csv", "\\/server/l.csv", "/\\server\\l.csv")


@pytest.mark.parametrize("path", UNC)
@pytest.mark.parametrize("way", ["{}", "duckdb:{}", "duckdb://{}", "duckdb:///{}", "DuckDB:///{}?table=x", "spark:local?path={}", "spark:local[2]?path={}", " {}"])
def test_p25_a_path_of_another_machine_is_refused_behind_every_scheme(way, path, tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr("pathlib.Path.exists", lambda self, **_: looked.append(self))
    monkeypatch.setattr("pathlib.Path.is_file", lambda self, **_: bool(looked.append(self)))
    with pytest.raises(BadRequest):
        read_place(way.format(path), tmp_path)
    assert not [one for one in looked if str(one).replace("\\", "/").startswith("//")]


@pytest.mark.parametrize(
    "asks", ["options=-c%20default_transaction_read_only%3Doff", "service=evil", "opt%69ons=x", "sslrootcert=/etc/passwd", "sslkey=k", "passfile=p", "hostaddr=10.0.0.1", "host=other.example.com", "dbname=x", "password=x"],
)  # fmt: skip
def test_p25_an_address_of_postgresql_names_no_file_service_or_second_server(asks):
    with pytest.raises(BadRequest, match=r"an address may ask for|names two servers"):
        read_place(f"postgres://good.example.com/books?table=t&{asks}")


def test_p25_an_address_that_is_none_is_refused_in_a_line(tmp_path):
    for text in ("postgres://[x/db", "postgres://h:99999999/", "duckdb:", "duckdb:///", "spark:local?path=", "~nobody-here/x.csv", "x" * 5000, "a\x00b.csv", "."):
        with pytest.raises(BadRequest) as told:
            read_place(text, tmp_path)
        assert len(str(told.value)) < 700
    assert read_place("postgres://me@h/books?sslmode=require&table=a.b").address == "postgres://me@h/books?sslmode=require"


# ---- names of files


NAMES = ("led[1]", "a*b", "q?", "[!a]", "{a,b}", "**", "it's", "b\\[1]", "~x", "é\u0301", "x=1")
OTHERS = ("led1", "axb", "qx", "a", "b", "c", "b1")


@pytest.mark.parametrize("kind", ["csv", "parquet", pytest.param("spark csv", marks=needs("spark")), pytest.param("spark parquet", marks=needs("spark"))])
def test_p25_a_name_of_a_file_is_a_name_and_no_pattern(kind, tmp_path):
    spark, _, kind = kind.rpartition(" ")
    for name in (*NAMES, *OTHERS):
        amount, number = (1, f"right {NAMES.index(name)}") if name in NAMES else (1000, "wrong")
        path = tmp_path / f"{name}.{kind}"
        path.write_text(line(number, amount))
        if kind == "parquet":
            pq.write_table(pa.csv.read_csv(path), path)
    for name in NAMES:
        path = tmp_path / f"{name}.{kind}"
        place = read_place(str(path))
        assert place.files == (path.resolve(),)
        if spark:
            from workbook.large.spark import frame_of, session

            found = frame_of(session("local"), place).toArrow()["document_no"].to_pylist()
        else:
            found = document_numbers(path)
        assert found == [f"right {NAMES.index(name)}"]


@pytest.mark.parametrize("kind", ["csv", "parquet", pytest.param("spark", marks=needs("spark"))])
def test_p25_folders_called_like_columns_change_nothing(kind, tmp_path):
    folder = tmp_path / "currency=EUR" / "customer_id=C9" / "amount=7"
    folder.mkdir(parents=True)
    (folder / "l.csv").write_text(line("I1", 1))
    path = folder / "l.csv"
    if kind == "parquet":
        path = folder / "l.parquet"
        pq.write_table(pa.csv.read_csv(folder / "l.csv"), path)
        (folder / "l.csv").unlink()
    for place in (path, folder, tmp_path):
        if kind == "spark":
            from workbook.large.spark import frame_of, session

            found = frame_of(session("local"), read_place(str(place))).toArrow().to_pylist()
            assert [(one["currency"], one["customer_id"], one["amount"]) for one in found] == [("CNY", "C1", 1)]
            continue
        ledger = open_ledger(str(place), "", None, own_rows=False)
        found = ledger.typed().select(["currency", "customer_id"]).to_pylist()
        ledger.engine.close()
        assert found == [{"currency": "CNY", "customer_id": "C1"}]


def test_p25_scores_are_those_of_the_file_whatever_its_folder_is_called(tmp_path):
    folder = tmp_path / "country=XX[1]*" / "customer_id=C9"
    folder.mkdir(parents=True)
    table = pa.table({"customer_id": ["C1", "C2"], "current_ratio": [1.5, 2.0]})
    pq.write_table(table, folder / "c[1].parquet")
    (folder / "c[1].csv").write_text("customer_id,current_ratio\nC1,1.5\nC2,2\n")
    answers = []
    for name in ("c[1].parquet", "c[1].csv"):
        out = folder / f"{name}.out.parquet"
        score_companies(read_place(str(folder / name)), out, as_of=dt.date(2026, 6, 30))
        answers.append(pq.ParquetFile(out).read()["customer_id"].to_pylist())
    assert answers == [["C1", "C2"], ["C1", "C2"]]


def test_p25_snapshots_are_read_by_their_own_days_whatever_the_folders_above_are_called(small, tmp_path):
    folder = tmp_path / "currency=EUR" / "as_of=2020-01-31" / "snaps[1]*"
    plain = tmp_path / "plain"
    told = []
    for place in (plain, folder):
        place.parent.mkdir(parents=True, exist_ok=True)
        for day in ("2026-05-31", "2026-06-30"):
            snapshot_file(small, place, day, {})
        told.append(tell_trends(place, None, 13).data)
    assert told[0]["looks"] == told[1]["looks"]
    assert [one["as_of"] for one in told[1]["looks"]] == ["2026-05-31", "2026-06-30"]


def test_p25_the_cases_of_the_command_line(empty, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "led[1].csv").write_text(line("RIGHT", 1))
    (tmp_path / "led1.csv").write_text(line("WRONG", 1000))
    (tmp_path / "currency=EUR").mkdir()
    shutil.copy("led[1].csv", tmp_path / "currency=EUR" / "l.csv")
    for place in ("led[1].csv", "currency=EUR/l.csv"):
        assert drill_file(empty, "C1", "CNY", None, None, "2026-06-30", {"ledger": place}).data["total"] == "1.00"
    with pytest.raises(BadRequest, match="nothing open in EUR"):
        drill_file(empty, "C1", "EUR", None, None, "2026-06-30", {"ledger": "currency=EUR/l.csv"})
