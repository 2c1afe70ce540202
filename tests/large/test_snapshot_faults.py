"""Faults of snapshots: one clear sentence that says what to do, and a day is the old one or the new one, whole."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.large.test_snapshot import DAY, LEDGER, small, stored
from workbook.history.series import looks_of
from workbook.history.store import COLUMNS, Facts, days_in, path_of, read_day, read_rows, store
from workbook.history.trends import History
from workbook.reports.common import Exchange
from xladdin.errors import BadRequest, CannotWrite

D = dt.date
MAY = D(2026, 5, 31)


def kept(folder, *days):
    for day in days:
        stored(small(given={"as_of": day}), folder, day, day)
    return folder


def trends(folder, **given):
    book = small(given=given)
    return History(folder).trends(book.settings, Exchange(book, book.settings, DAY), DAY)


def refused(call, *args, **options):
    with pytest.raises((BadRequest, CannotWrite)) as told:
        call(*args, **options)
    return str(told.value)


def test_a_day_to_come_is_refused(tmp_path):
    book = small()
    assert refused(stored, book, tmp_path, D(2026, 7, 1)) == (
        "nobody knows yet what is open on 2026-07-01, which is after today (2026-06-30): give --as-of a day that has come"
    )
    ahead = replace(book, settings=book.settings.model_copy(update={"as_of": D(2062, 6, 30)}))
    assert refused(stored, ahead, tmp_path, None) == (
        "nobody knows yet what is open on 2062-06-30, which is after today (2026-06-30): correct the as-of date on Settings, or give --as-of"
    )


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    assert refused(stored, small(), tmp_path / "file") == (
        f"{tmp_path / 'file'} is a file, and snapshots need a folder: name one with --to or the setting Snapshots"
    )
    assert refused(stored, small(), tmp_path / "file" / "s") == (
        f"no snapshot can be stored in {tmp_path / 'file' / 's'}: not a directory; name another folder with --to or the setting Snapshots"
    )


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_read_only_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    assert refused(stored, small(), tmp_path / "s") == (
        f"no snapshot can be stored in {tmp_path / 's'}: permission denied; name another folder with --to or the setting Snapshots"
    )


def test_a_full_disk_leaves_the_old_day(tmp_path, monkeypatch):
    folder = kept(tmp_path / "s", DAY)
    before = {path: path.read_bytes() for path in folder.rglob("*.parquet")}

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbook.history.store.pq.write_table", full)
    assert refused(stored, small([LEDGER[0]]), folder, force=True) == (
        f"no snapshot can be stored in {folder}: no space left on device; name another folder with --to or the setting Snapshots"
    )
    assert before == {path: path.read_bytes() for path in folder.rglob("*.parquet")}


def test_a_workbook_that_was_never_saved_has_no_folder():
    assert refused(stored, replace(small(), name=""), None) == (
        "the workbook was never saved, so it has no folder of snapshots: name one with --to"
    )


def test_a_file_cut_off_is_named_with_the_command_that_makes_it_again(tmp_path):
    folder = kept(tmp_path / "s", MAY, DAY)
    path = path_of(folder, "aging", MAY)
    path.write_bytes(path.read_bytes()[:-30])
    told = refused(trends, folder)
    assert told.startswith("aging/as_of=2026-05-31/part.parquet is damaged (")
    assert told.endswith("): make it again with xladdin snapshot WORKBOOK --as-of 2026-05-31 --force")
    stored(small(), folder, MAY, force=True)
    assert trends(folder).series.days == [MAY, DAY]


def test_a_damaged_page_is_found_when_it_is_read(tmp_path):
    folder = kept(tmp_path / "s", MAY, DAY)
    path = path_of(folder, "ages", MAY)
    place = pq.read_metadata(path).row_group(0).column(2).data_page_offset
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * 40)
    told = refused(trends, folder)
    assert told.startswith("ages/as_of=2026-05-31/part.parquet is damaged (")
    assert told.endswith("): make it again with xladdin snapshot WORKBOOK --as-of 2026-05-31 --force")


def test_a_table_that_is_gone_is_named(tmp_path):
    folder = kept(tmp_path / "s", DAY)
    path_of(folder, "ages", DAY).unlink()
    assert refused(trends, folder) == "ages/as_of=2026-06-30 is missing in s: make it again with xladdin snapshot WORKBOOK --as-of 2026-06-30 --force"


def rewrite(path, change, columns=None):
    """Write a part again with other facts or other columns."""
    table = pq.read_table(path, partitioning=None)
    facts = json.loads(table.schema.metadata[b"xladdin.snapshot"])
    facts.update(change)
    table = table if columns is None else columns(table)
    pq.write_table(table.replace_schema_metadata({b"xladdin.snapshot": json.dumps(facts).encode()}), path)


def test_files_of_others_are_not_taken_for_ours(tmp_path):
    folder = kept(tmp_path / "s", MAY, DAY)
    path = path_of(folder, "aging", MAY)
    whole = path.read_bytes()
    pq.write_table(pa.table({"a": [1]}), path)
    assert refused(trends, folder) == "aging/as_of=2026-05-31/part.parquet was not made by xladdin snapshot: take it out of s"
    path.write_bytes(whole)
    rewrite(path, {"schema": 2})
    assert refused(trends, folder) == "aging/as_of=2026-05-31/part.parquet has schema 2, and this xladdin knows 1: use the xladdin that made it"
    path.write_bytes(whole)
    rewrite(path, {}, lambda table: table.drop_columns(["documents"]).append_column("more", pa.array(["x"] * table.num_rows)))
    assert refused(trends, folder) == "aging/as_of=2026-05-31/part.parquet has other columns than aging (documents, more): take it out of s"
    path.write_bytes(path_of(folder, "ages", MAY).read_bytes())
    assert refused(trends, folder) == "aging/as_of=2026-05-31/part.parquet has other columns than aging (bucket, disputed, worth, disputed_worth, age): take it out of s"
    path.write_bytes(whole)
    (folder / "aging" / "as_of=May").mkdir()
    assert refused(trends, folder) == "aging/as_of=May names no day like as_of=2026-06-30: take it out of s"


@pytest.mark.parametrize(("note", "text"), [(".2026-06-30.commit", '["../../x"]'), (".2026-06-30.commit", "not JSON"), (".x.commit", '["aging"]'), (".2026-06-30.commit", "5")])
def test_a_note_of_others_moves_no_file(note, text, tmp_path):
    folder = kept(tmp_path / "s", MAY)
    (folder / note).write_text(text)
    assert refused(trends, folder) == f"{note} in s was not made by xladdin snapshot: take it out"


def test_a_partition_under_another_days_name_is_not_counted_twice(tmp_path):
    folder = kept(tmp_path / "s", MAY, DAY)
    for table in COLUMNS:
        path_of(folder, table, MAY).parent.rename(path_of(folder, table, D(2026, 4, 30)).parent)
    assert refused(trends, folder) == "aging/as_of=2026-04-30/part.parquet is the snapshot of 2026-05-31: give its folder that name again"


def test_two_workbooks_do_not_share_a_folder_and_a_renamed_one_goes_on(tmp_path):
    folder = kept(tmp_path / "s", MAY)
    other = replace(small(), name="Asia.xlsm")
    assert refused(stored, other, folder) == (
        "s holds the snapshots of Credit.xlsm, not of Asia.xlsm: give this workbook a folder of its own (--to, or the setting Snapshots); "
        "or, when Credit.xlsm is its old name, say --renamed"
    )
    assert days_in(folder) == [MAY]
    stored(other, folder, renamed=True)
    assert trends(folder).series.days == [MAY, DAY]
    assert stored(other, folder)[1]["snapshots"][0]["stored"] == "unchanged", "and needs not be told again"
    assert "not of Credit.xlsm" in refused(stored, small(), folder), "the old name is another workbook's by now"


def test_snapshots_of_two_workbooks_copied_together_are_not_mixed(tmp_path):
    folder = kept(tmp_path / "s", MAY)
    stored(replace(small(), name="Asia.xlsm"), tmp_path / "other")
    for table in COLUMNS:
        path_of(folder, table, DAY).parent.mkdir()
        path_of(folder, table, DAY).write_bytes(path_of(tmp_path / "other", table, DAY).read_bytes())
    assert refused(looks_of, folder) == (
        "s mixes the snapshots of Credit.xlsm (2026-05-31) and of Asia.xlsm (2026-06-30): give each workbook a folder of its own"
    )


def test_a_second_run_at_the_same_time_is_told_to_wait(tmp_path):
    folder = kept(tmp_path / "s", MAY)
    code = (
        f"import fcntl, sys; file = open({str(folder / '.lock')!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        assert refused(stored, small(), folder) == f"another run stores a snapshot in {folder} just now: try again when it is done"
    finally:
        holder.communicate("")
    stored(small(), folder)


def two_versions():
    """Two snapshots of one day that differ in every table."""
    made = []
    for number in (1, 2):
        texts = {"customer_id": "C1", "currency": "CNY", "grade": None, "hold": ""}
        tables = {
            name: pa.Table.from_pylist([{column: texts.get(column, Decimal(number) if "decimal" in str(schema.field(column).type) else number) for column in schema.names}], schema)
            for name, schema in COLUMNS.items()
        }
        made.append((tables, Facts(DAY, D(2026, 7, number), ("Credit.xlsm",), "sheet", (30,), "due date", "own column", "CNY", {"CNY": 1.0})))
    return made


def version_in(folder):
    """Which version the folder holds; every table must be of it."""
    assert days_in(folder) == [DAY]
    found = read_day(folder, DAY)
    [made] = {facts.made_on.day for facts in found.facts.values()}
    values = {read_rows(found, table)[key][0].as_py() for table, key in (("aging", "amount"), ("ages", "amount"), ("scores", "exposure"))}
    assert values == {made}
    assert set(found.files) == set(COLUMNS)
    return made


@pytest.mark.parametrize("step", ["os.fsync", "workbook.history.store.Path.replace"])
def test_interrupted_at_any_step_the_day_is_the_old_or_the_new_one(step, tmp_path, monkeypatch):
    old, new = two_versions()
    seen = set()
    for stop in range(12):
        folder = tmp_path / f"{stop}"
        store(folder, *old)
        count = 0
        true = os.fsync if step == "os.fsync" else Path.replace

        def breaks(*args, stop=stop, true=true):
            nonlocal count
            count += 1
            if count > stop:
                raise KeyboardInterrupt
            return true(*args)

        with monkeypatch.context() as patched:
            patched.setattr(step, breaks)
            with suppress(KeyboardInterrupt):
                store(folder, *new)
        seen.add(version_in(folder))
        store(folder, *old)
        assert version_in(folder) == 1
        left = [path.name for path in folder.rglob("*") if path.is_file() and path.name not in ("part.parquet", ".lock")]
        assert left == [], "what a broken run left behind is cleared by the next one"
    assert seen == {1, 2}


NURSERY = """
import itertools, os, sys
from pathlib import Path
from tests.large.test_snapshot_faults import two_versions
from workbook.history.store import store
versions = two_versions()
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)
        for version in itertools.cycle(versions[::-1]):
            store(Path(line.rstrip("\\n")), *version)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_at_a_hundred_moments_the_day_is_the_old_or_the_new_one(tmp_path):
    old, _ = two_versions()
    store(tmp_path, *old)
    root = Path(__file__).resolve().parents[2]
    nursery = subprocess.Popen([sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    chance = random.Random(7)
    halves = 0
    for _ in range(100):
        nursery.stdin.write(f"{tmp_path}\n")
        nursery.stdin.flush()
        child = int(nursery.stdout.readline())
        time.sleep(chance.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        assert nursery.stdout.readline() == "ended\n"
        halves += any(tmp_path.rglob("*.new"))
        version_in(tmp_path)
    nursery.stdin.close()
    nursery.wait()
    assert halves > 0, "the kills fell into the middle of it"
