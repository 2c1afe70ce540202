"""What is refused before anything is read, each with one sentence that says what to do."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

from xladdin.errors import NotAWorkbook, WorkbookOpen
from xladdin.hosts.file import xml
from xladdin.hosts.file.package import Package, Relationships, content_type

if TYPE_CHECKING:
    from pathlib import Path

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = b"PK\x03\x04"


def refuse_if_open(path: Path) -> None:
    """Raise WorkbookOpen when Excel's or LibreOffice's lock file lies beside the workbook."""
    for program, lock in (("Excel", f"~${path.name}"), ("LibreOffice", f".~lock.{path.name}#")):
        if (path.parent / lock).exists():
            raise WorkbookOpen(f"{path.name} is open in {program}: close it there first (lock file {lock}); nothing was changed")


def open_package(path: Path) -> Package:
    """Open a workbook file, or raise NotAWorkbook saying what it is instead."""
    if not path.exists():
        raise NotAWorkbook(f"there is no file {path}")
    if not path.is_file():
        raise NotAWorkbook(f"{path} is a folder, not a workbook")
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise NotAWorkbook(f"{path.name} is empty (0 bytes)")
    if start == _OLE:
        if _ENCRYPTED in path.read_bytes():
            raise NotAWorkbook(f"{path.name} is protected by a password: save it without one first")
        raise NotAWorkbook(f"{path.name} is an old binary workbook (.xls): save it as .xlsx or .xlsm first")
    try:
        package = Package(path)
    except zipfile.BadZipFile as error:
        if start[:4] == _ZIP:
            raise NotAWorkbook(f"{path.name} is cut off or damaged: restore it from a backup ({error})") from None
        raise NotAWorkbook(f"{path.name} is not an Excel workbook (.xlsx or .xlsm)") from None
    try:
        workbook_part(package)
    except BaseException:
        package.close()
        raise
    return package


def workbook_part(package: Package) -> str:
    """Return the name of the part that lists the sheets, xl/workbook.xml in all but a few files."""
    name = package.path.name
    found = Relationships(package, "").of_type("officeDocument") if "_rels/.rels" in package else []
    if not found or found[0][1] not in package:
        raise NotAWorkbook(f"{name} is a zip file but not an Excel workbook: it has no xl/workbook.xml")
    part = found[0][1]
    kind = content_type(package, part) if "[Content_Types].xml" in package else ""
    if "sheet.binary" in kind or part.endswith(".bin"):
        raise NotAWorkbook(f"{name} is a binary workbook (.xlsb): save it as .xlsx or .xlsm first")
    if "spreadsheetml" not in kind and "ms-excel" not in kind:
        raise NotAWorkbook(f"{name} is an Office file but not an Excel workbook")
    xml.parse(package.read(part), part)
    return part
