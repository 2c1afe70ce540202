"""SQL that is kept: the same as written anew, for every day, and never a reason to fail."""

import datetime as dt
import json
import os

import ibis
import pyarrow as pa
import pytest

from tests.ledgers import book_of
from workbook import open_items, written
from workbook.open_items import control_of, read_open_items, steps

D = dt.date


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for what is kept."""
    monkeypatch.setenv(written.FOLDER, str(tmp_path / "kept"))
    written._folder.cache_clear()
    open_items._compiled.cache_clear()
    yield tmp_path / "kept"
    written._folder.cache_clear()
    open_items._compiled.cache_clear()


def files(folder):
    return sorted(folder.rglob("*.json"))


def test_what_was_written_is_read_again(folder):
    assert written.recall(["a", "b"], lambda: {"sql": "SELECT 1"}) == {"sql": "SELECT 1"}
    assert len(files(folder)) == 1
    assert written.recall(["a", "b"], lambda: pytest.fail("it was written before")) == {"sql": "SELECT 1"}
    assert written.recall(["a", "c"], lambda: [1]) == [1]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"key": ["other"], "made": 1}', '{"key": ["a"]}', "\x00"])
def test_a_damaged_file_is_written_anew(folder, damage):
    written.recall(["a"], lambda: "good")
    files(folder)[0].write_text(damage, encoding="utf-8")
    assert written.recall(["a"], lambda: "again") == "again"
    assert json.loads(files(folder)[0].read_text(encoding="utf-8"))["made"] == "again"


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for place in (str(tmp_path / "file" / "below"), ""):
        monkeypatch.setenv(written.FOLDER, place)
        written._folder.cache_clear()
        assert written.recall(["a"], lambda: "made") == "made"
        assert written.recall(["a"], lambda: "made again") == "made again"
    written._folder.cache_clear()


def test_what_another_version_kept_goes_after_a_month(folder):
    for name, age in (("sql-old", 40), ("sql-young", 3), ("mine", 90)):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (0, dt.datetime.now().timestamp() - age * 86_400))
    written.recall(["a"], lambda: 1)
    assert {one.name for one in folder.iterdir()} >= {"sql-young", "mine"}
    assert not (folder / "sql-old").exists()


def test_the_answer_is_that_of_sql_written_anew(folder, monkeypatch):
    table = book_of([
        {"document_no": "A", "amount": 100, "document_date": D(2026, 1, 1), "due_date": D(2026, 2, 1)},
        {"document_no": "B", "amount": 50, "document_date": D(2026, 3, 1), "due_date": D(2026, 4, 1), "settled_date": D(2026, 4, 20)},
    ]).tables["ledger"]
    first = [read_open_items(table, day) for day in (D(2026, 1, 15), D(2026, 4, 10), D(2026, 5, 1))]
    open_items._compiled.cache_clear()
    monkeypatch.setattr(ibis, "to_sql", lambda *_, **__: pytest.fail("it was written before"))
    again = [read_open_items(table, day) for day in (D(2026, 1, 15), D(2026, 4, 10), D(2026, 5, 1))]
    assert [(items.to_pylist(), control) for items, control in first] == [(items.to_pylist(), control) for items, control in again]
    assert [len(items) for items, _ in again] == [1, 2, 1]


@pytest.mark.parametrize("day", [D(2026, 6, 30), D(2024, 2, 29), D(1999, 12, 31), D(2100, 1, 1)])
def test_a_day_is_put_in_as_ibis_writes_it(day):
    table = ibis.table({"usable": "boolean", **_KINDS}, name="ledger")

    def sql(on):
        made = control_of(steps(table, on))
        return str(ibis.to_sql(made.mutate(edge=ibis.date((on - dt.timedelta(90)).isoformat()), fixed=ibis.date("2020-01-02")), dialect="duckdb"))

    assert written.on_day(sql(written.SOME_DAY), day) == sql(day)


_KINDS = {
    "document_no": "string", "document_type": "string", "customer_id": "string", "currency": "string", "instalment": "int64",
    "document_date": "date", "due_date": "date", "amount": "decimal(18, 4)", "settled_amount": "decimal(18, 4)", "settled_date": "date",
    "dispute_date": "date", "disputed_amount": "decimal(18, 4)", "dispute_reason": "string", "promise_date": "date",
    "promise_amount": "decimal(18, 4)", "contract_no": "string", "policy_no": "string", "reference": "string", "row": "int64", "terms": "string", "reported_on": "date", "last_demand": "date",
}  # fmt: skip


def test_a_schema_comes_back_whole():
    schema = pa.schema({"a": pa.decimal128(18, 4), "b": pa.date32(), "c": pa.string()})
    assert written.schema_of(written.schema_text(schema)) == schema
