"""Backups and the way back."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.file import sample
from xladdin.errors import BadRequest
from xladdin.hosts.file import BACKUPS_KEPT, check_file, list_backups, open_book, undo
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
