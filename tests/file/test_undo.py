"""Backups and the way back."""

from __future__ import annotations

import datetime as dt
import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.file import sample
from xladdin.errors import BadRequest
from xladdin.hosts.file import BACKUPS_KEPT, check_file, list_backups, open_book, save, undo
from xladdin.hosts.file.save import BACKUP_FOLDER


def write(path, value):
    book = open_book(path)
    book.sheets["Control"]["B4"].value = value
    book.save()
    book.close()


def read(path):
    book = open_book(path)
    value = book.sheets["Control"]["B4"].value
    book.close()
    return value


def test_undo_goes_back_save_by_save(path, original):
    for value in ("one", "two", "three"):
        write(path, value)
    assert [undo(path), read(path)] == [path, "two"]
    assert [undo(path), read(path)] == [path, "one"]
    assert undo(path) == path
    assert path.read_bytes() == original.read_bytes()
    with pytest.raises(BadRequest, match=r"^there is nothing to undo: no backup of Credit.xlsm is left in .credit-backups$"):
        undo(path)


def test_what_was_undone_is_kept_since_somebody_may_have_typed_into_it(path):
    write(path, "report")
    write(path, "typed by hand")
    undo(path)
    kept = list((path.parent / BACKUP_FOLDER).glob("*.undone"))
    assert [read_copy(found) for found in kept] == ["typed by hand"]


def read_copy(found):
    copy = found.parent.parent / "Copy.xlsm"
    copy.write_bytes(found.read_bytes())
    return read(copy)


def test_the_last_ten_backups_are_kept(path):
    for number in range(BACKUPS_KEPT + 3):
        write(path, number)
    backups = list_backups(path)
    assert len(backups) == BACKUPS_KEPT
    assert read_copy(backups[-1]) == BACKUPS_KEPT + 1


def test_backups_of_another_workbook_in_the_folder_are_not_touched(path):
    other = path.with_name("Credit.xlsm.old.xlsm")
    other.write_bytes(path.read_bytes())
    write(other, "other")
    write(path, "mine")
    undo(path)
    assert read(other) == "other"
    with pytest.raises(BadRequest):
        undo(path)


def test_editing_the_saved_file_in_place_does_not_change_the_backup(path, original):
    write(path, "one")
    with path.open("r+b") as file:
        file.write(b"overwritten")
    assert list_backups(path)[0].read_bytes() == original.read_bytes()


ZONES = {
    "a flight to the west": ("Asia/Shanghai", "Europe/London"), "a flight to the east": ("America/Los_Angeles", "Pacific/Kiritimati"),
    "the end of summer time": ("UTC-2", "UTC-1"), "at home": ("Europe/Berlin", "Europe/Berlin"),
}  # fmt: skip
ONE = "import sys; from tests.file.test_undo import write; write(sys.argv[1], sys.argv[2])"


@pytest.mark.parametrize("zone", ZONES)
def test_p27_undo_takes_back_the_last_save_whatever_the_zone_of_the_clock(path, zone):
    root = Path(__file__).parents[2]
    for value, where in zip(("first", "second"), ZONES[zone], strict=True):
        subprocess.run([sys.executable, "-c", ONE, str(path), value], check=True, cwd=root, env=os.environ | {"TZ": where}, timeout=120)
    undo(path)
    assert read(path) == "first"


def test_p27_undo_takes_back_the_last_save_although_the_clock_was_set_back(path, original, monkeypatch):
    clock = iter(dt.datetime(2026, 6, 30, tzinfo=dt.UTC) - dt.timedelta(hours=7) * number for number in range(99))

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return next(clock)

    monkeypatch.setattr(save, "datetime", Clock)
    for number in range(BACKUPS_KEPT + 4):
        write(path, number)
    assert len(list_backups(path)) == BACKUPS_KEPT
    for number in range(BACKUPS_KEPT + 2, 3, -1):
        undo(path)
        assert read(path) == number
    write(path, "after")
    undo(path)
    assert read(path) == 4


def test_p27_backups_of_a_version_that_did_not_count_are_older_than_all_that_are_counted(path, original):
    folder = path.parent / BACKUP_FOLDER
    folder.mkdir()
    for day in ("20260101", "20990101"):
        book = folder / f"{path.name}.{day}-000000-000000"
        book.write_bytes(original.read_bytes())
    write(path, "one")
    write(path, "two")
    assert [undo(path), read(path)] == [path, "one"]
    undo(path)
    assert [found.name[-22:-14] for found in list_backups(path)] == ["20260101", "20990101"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
@pytest.mark.parametrize("links", [True, False])
def test_p28_no_copy_of_a_workbook_is_ever_readable_for_more_people(path, monkeypatch, mode, links):
    path.chmod(mode)
    seen = set()
    real = os.fsync

    def looking(handle):
        seen.update(stat.S_IMODE(found.stat().st_mode) for found in path.parent.rglob("*") if found.is_file())
        real(handle)

    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no hard links here")))
    monkeypatch.setattr(os, "fsync", looking)
    write(path, "one")
    write(path, "two")
    undo(path)
    kept = [stat.S_IMODE(found.stat().st_mode) for found in path.parent.rglob("*") if found.is_file()]
    assert seen <= {mode, 0o600}
    assert kept == [mode] * 3


WRITER = """
import sys
from xladdin.hosts.file import open_book
book = open_book(sys.argv[1])
book.sheets["Ledger items"].impl.set_block(100, 10, [list(range(20000)), [f"text {n}" for n in range(20000)]])
print("ready", flush=True)
number = 0
while True:
    number += 1
    book.sheets["Control"]["B4"].value = number
    book.save()
"""


@pytest.mark.slow
def test_a_save_killed_at_any_moment_leaves_the_old_or_the_new_file(path):
    """Twenty processes that save again and again are killed at some moment; the file is whole each time."""
    values = []
    for attempt in range(20):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        process.stdout.readline()
        time.sleep(0.05 + 0.017 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        values.append(read(path))
        assert check_file(path) == []
    assert any(isinstance(value, float) and value > 1 for value in values)
    write(path, "after")
    assert {found.name for found in path.parent.iterdir()} == {path.name, BACKUP_FOLDER}
    assert set(sample.parts(path)) >= {"xl/vbaProject.bin", "customUI/customUI14.xml"}
