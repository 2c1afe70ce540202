"""What is not opened and not saved: the sentence, and that the file stays as it was."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from tests.file import sample
from xladdin.errors import BadRequest, CannotWrite, NotAWorkbook, WorkbookOpen
from xladdin.hosts.file import check_file, open_book, package, save

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def changed_zip(source: Path, target: Path, change) -> Path:
    """Copy a workbook through a function of (name, bytes) that may drop a part with None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("text.xlsx", b"customer;amount\n", "text.xlsx is not an Excel workbook (.xlsx or .xlsm)"),
        ("empty.xlsx", b"", "empty.xlsx is empty (0 bytes)"),
        ("old.xls", OLE + bytes(600), "old.xls is an old binary workbook (.xls): save it as .xlsx or .xlsm first"),
        ("locked.xlsx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked.xlsx is protected by a password: save it without one first"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(tmp_path, name, content, text):
    path = written(tmp_path / name, content)
    with pytest.raises(NotAWorkbook) as caught:
        open_book(path)
    assert str(caught.value) == text
    assert path.read_bytes() == content


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(NotAWorkbook, match=r"there is no file .*Nothing\.xlsm"):
        open_book(tmp_path / "Nothing.xlsm")
    with pytest.raises(NotAWorkbook, match="is a folder, not a workbook"):
        open_book(tmp_path)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.999])
def test_a_truncated_file_is_refused(original, tmp_path, share):
    content = original.read_bytes()
    path = written(tmp_path / "cut.xlsm", content[: int(len(content) * share)])
    with pytest.raises(NotAWorkbook, match=r"^cut.xlsm is cut off or damaged: restore it from a backup"):
        open_book(path)


def test_a_damaged_part_is_named(original, tmp_path):
    content = bytearray(original.read_bytes())
    with zipfile.ZipFile(original) as file:
        entry = file.getinfo("xl/worksheets/sheet2.xml")
    at = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    content[at : at + 8] = bytes(8)
    book = open_book(written(tmp_path / "broken.xlsm", bytes(content)))
    with pytest.raises(NotAWorkbook, match=r"^the part xl/worksheets/sheet2.xml of the workbook is damaged"):
        book.sheets["Ledger items"]["A1"].value  # noqa: B018


def test_a_damaged_part_that_is_copied_is_found_by_the_check(original, tmp_path):
    content = bytearray(original.read_bytes())
    with zipfile.ZipFile(original) as file:
        entry = file.getinfo("xl/charts/chart1.xml")
    content[entry.header_offset + 30 + len(entry.filename) + 20] ^= 0xFF
    path = written(tmp_path / "broken.xlsm", bytes(content))
    book = open_book(path)
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    book.close()
    assert any(fault.startswith("the part xl/charts/chart1.xml of the workbook is damaged") for fault in check_file(path))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda name, data: None if name == "xl/workbook.xml" else data, "it has no xl/workbook.xml"),
        (lambda name, data: None if name == "_rels/.rels" else data, "it has no xl/workbook.xml"),
        (lambda name, data: data[:-30] if name == "xl/workbook.xml" else data, "the part xl/workbook.xml of the workbook is damaged"),
        (
            lambda name, data: data.replace(b"ms-excel.sheet.macroEnabled.main", b"ms-excel.sheet.binary.macroEnabled.main") if name.startswith("[") else data,
            "is a binary workbook (.xlsb): save it as .xlsx or .xlsm first",
        ),
        (
            lambda name, data: data.replace(b"vnd.ms-excel.sheet.macroEnabled.main", b"vnd.openxmlformats-officedocument.wordprocessingml.document.main") if name.startswith("[") else data,
            "is an Office file but not an Excel workbook",
        ),
        (
            lambda name, data: data.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1) if name == "xl/workbook.xml" else data,
            "brings a document type of its own",
        ),
        (
            lambda name, data: data.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main") if name == "xl/workbook.xml" else data,
            'is saved as "Strict Open XML"',
        ),
    ],
    ids=["no workbook part", "no relationships", "damaged workbook part", "xlsb", "a Word document", "a DTD", "strict"],
)
def test_a_zip_that_is_no_workbook_is_refused(original, tmp_path, change, text):
    path = changed_zip(original, tmp_path / "other.xlsm", change)
    content = path.read_bytes()
    with pytest.raises(NotAWorkbook) as caught:
        open_book(path)
    assert text in str(caught.value)
    assert path.read_bytes() == content


def test_entities_are_never_read_in_a_sheet(original, tmp_path):
    secret = written(tmp_path / "secret.txt", b"secret")

    def change(name, data):
        if name == "xl/worksheets/sheet1.xml":
            return data.replace(b"<worksheet", f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]><worksheet'.encode(), 1)
        return data

    with pytest.raises(NotAWorkbook, match="brings a document type of its own"):
        open_book(changed_zip(original, tmp_path / "entity.xlsm", change)).sheets["Control"]["A1"].value  # noqa: B018


def test_a_zip_bomb_is_refused_before_it_is_unpacked(original, tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsm"
    shutil.copy(original, path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/bomb.xml", bytes(3 << 20))
    monkeypatch.setattr(package, "RATIO_MATTERS_FROM", 1 << 20)
    with pytest.raises(NotAWorkbook, match=r"its part xl/bomb.xml would unpack to 3 MB"):
        open_book(path)
    monkeypatch.setattr(package, "MAX_RATIO", 10**6)
    monkeypatch.setattr(package, "MAX_TOTAL_BYTES", 1 << 20)
    with pytest.raises(NotAWorkbook, match="the workbook is refused"):
        open_book(path)


@pytest.mark.parametrize(("lock", "program"), [("~$Credit.xlsm", "Excel"), (".~lock.Credit.xlsm#", "LibreOffice")])
def test_a_workbook_open_elsewhere_is_neither_opened_nor_saved(path, original, lock, program):
    book = open_book(path)
    book.sheets["Control"]["B4"].value = "US"
    (path.parent / lock).write_bytes(b"")
    for attempt in (lambda: open_book(path), book.save, lambda: save.undo(path)):
        with pytest.raises(WorkbookOpen) as caught:
            attempt()
        assert str(caught.value) == f"Credit.xlsm is open in {program}: close it there first (lock file {lock}); nothing was changed"
    untouched(path, original, also=[lock])
    (path.parent / lock).unlink()
    book.save()
    assert open_book(path).sheets["Control"]["B4"].value == "US"


def untouched(path: Path, original: Path, also: list[str] | tuple[str, ...] = ()) -> None:
    """The file is as it was and nothing new lies beside it, in whatever state the backups are."""
    assert path.read_bytes() == original.read_bytes()
    assert {found.name for found in path.parent.iterdir()} <= {path.name, save.BACKUP_FOLDER, *also}
    assert not any((path.parent / save.BACKUP_FOLDER).glob("*"))


def test_a_workbook_saved_by_somebody_else_in_between_is_not_overwritten(path, book):
    book.sheets["Control"]["B4"].value = "US"
    other = open_book(path)
    other.sheets["Control"]["B4"].value = "APAC"
    other.save()
    other.close()
    theirs = path.read_bytes()
    with pytest.raises(WorkbookOpen, match=r"^Credit.xlsm was saved by another program since it was opened here: run the command again; nothing was changed$"):
        book.save()
    assert path.read_bytes() == theirs


def test_a_workbook_saved_by_somebody_else_while_we_write_is_not_overwritten(path, book, monkeypatch):
    book.sheets["Control"]["B4"].value = "US"
    write = save._write_through

    def meanwhile(*arguments, **options):
        write(*arguments, **options)
        path.write_bytes(b"theirs")

    monkeypatch.setattr(save, "_write_through", meanwhile)
    with pytest.raises(WorkbookOpen, match="was saved by another program"):
        book.save()
    assert path.read_bytes() == b"theirs"
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_workbook_deleted_in_between_is_not_made_anew(path, book):
    book.sheets["Control"]["B4"].value = "US"
    path.unlink()
    with pytest.raises(WorkbookOpen):
        book.save()
    assert not path.exists()


FAILURES = [
    (errno.ENOSPC, "the disk is full: Credit.xlsm could not be saved; nothing was changed"),
    (errno.EACCES, "the folder {folder} is read-only: Credit.xlsm could not be saved; nothing was changed"),
    (errno.EROFS, "the folder {folder} is read-only: Credit.xlsm could not be saved; nothing was changed"),
    (errno.EIO, "Credit.xlsm could not be saved: Input/output error; nothing was changed"),
]
STEPS = ["open", "write", "fsync", "link", "replace"]


@pytest.mark.parametrize(("code", "text"), FAILURES, ids=[errno.errorcode[code] for code, _ in FAILURES])
@pytest.mark.parametrize("step", STEPS)
def test_a_save_that_fails_at_any_step_leaves_the_old_file(path, original, book, monkeypatch, code, text, step):
    def fail(*_, **__):
        raise OSError(code, os.strerror(code))

    book.sheets["Control"]["B4"].value = "US"
    with monkeypatch.context() as patch:
        if step == "open":
            real = os.open
            patch.setattr(os, "open", lambda name, flags, *rest, **more: fail() if flags & os.O_EXCL else real(name, flags, *rest, **more))
        elif step == "write":
            patch.setattr(package.Package, "save_to", fail)
        elif step == "fsync":
            patch.setattr(os, "fsync", fail)
        elif step == "link":
            patch.setattr(os, "link", fail)
            patch.setattr(shutil, "copyfileobj", fail)
        else:
            patch.setattr(Path, "replace", fail)
        with pytest.raises(CannotWrite) as caught:
            book.save()
    assert str(caught.value) == text.format(folder=path.parent)
    untouched(path, original)
    book.save()  # the same book can be saved when the disk has room again
    assert open_book(path).sheets["Control"]["B4"].value == "US"


def test_p28_a_drive_that_cannot_flush_a_folder_is_no_failure_of_a_save(path, original, book, monkeypatch):
    real = os.fsync

    def only_files(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    assert open_book(path).sheets["Control"]["B4"].value == "US"
    save.undo(path)
    assert path.read_bytes() == original.read_bytes()


def test_a_read_only_folder_is_refused(path, original, book):
    if os.getuid() == 0:
        pytest.skip("root may write everywhere; the failing steps above stand for it")
    book.sheets["Control"]["B4"].value = "US"
    path.parent.chmod(0o500)
    try:
        with pytest.raises(CannotWrite, match="is read-only"):
            book.save()
    finally:
        path.parent.chmod(0o700)
    untouched(path, original)


def test_another_ending_and_a_password_are_refused(path, original, book):
    with pytest.raises(BadRequest, match=r"Credit.xlsm is saved as .xlsm: keep that ending, got Credit.xlsx"):
        book.save(path.with_suffix(".xlsx"))
    with pytest.raises(BadRequest, match="cannot be saved with a password"):
        book.save(path, password="secret")
    untouched(path, original)


def test_a_folder_that_is_not_there_is_refused(path, book):
    with pytest.raises(CannotWrite, match="could not be saved"):
        book.save(path.parent / "nowhere" / "Credit.xlsm")


def test_where_links_are_unknown_the_backup_is_a_copy(path, original, book, monkeypatch):
    def unknown(*_, **__):
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", unknown)
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    [backup] = save.list_backups(path)
    assert backup.read_bytes() == original.read_bytes()


def test_what_a_killed_run_left_is_cleared_away_and_what_another_one_writes_is_not(path, book):
    dead = path.parent / f".Credit.xlsm.999999999-1{save._TEMPORARY}"
    alive = path.parent / f".Credit.xlsm.{os.getppid()}-1{save._TEMPORARY}"
    old = path.parent / f".Credit.xlsm.{os.getppid()}-2{save._TEMPORARY}"
    other = path.parent / f".Other.xlsm.999999999-1{save._TEMPORARY}"
    for found in (dead, alive, old, other):
        found.write_bytes(b"half")
    os.utime(old, (0, 0))
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    assert [found.exists() for found in (dead, alive, old, other)] == [False, True, False, True]


def test_the_free_part_of_xlwings_only():
    import sys

    import xlwings

    assert not xlwings.__pro__
    assert not {"xlwings.pro._xlremote", "xlwings.pro.reports.main"} & set(sys.modules)


def test_the_sample_is_still_whole(original):
    assert zipfile.ZipFile(original).testzip() is None
    assert len(sample.parts(original)) > 30
