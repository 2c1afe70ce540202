"""The VBA project of the workbook, from text sources of our own. xlwings' module is not among them: any cell could call its functions.

Sources are ASCII with CRLF: whatever else VBA would turn into "?" without a word, so the build refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZipFile

import xlsxwriter
from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from xladdin.registry import Report

PROJECT_PART: Final = "xl/vbaProject.bin"
_MARKS: Final = ("'@reports", "'@end of reports")
#: what a message of the macros says in Chinese, which VBA's sources cannot hold: by the mark in its place
_CHINESE: Final = {
    "'@no extension": "此按钮需要本产品的扩展，当前 LibreOffice 未安装。请在命令行运行 xladdin install libreoffice 后重启。",
    "'@no python": "无法启动 Python。本机是否已安装本产品？请在命令行运行 xladdin doctor excel。",
}
#: no performance cache: [MS-OVBA] 2.3.4.1 lets a writer leave it out, Excel then compiles from the sources
_NO_CACHE: Final = bytes.fromhex("CC61FFFF000000")
_DIR_END: Final = bytes.fromhex("2B0000000000" + "1000" + "00" * 8)  # its last four bytes are surplus


def macro_of(key: str) -> str:
    """Return the name of the macro that refreshes a report: contract_terms -> RunContractTerms."""
    return "Run" + "".join(part.capitalize() for part in key.split("_"))


def code_names(sheets: Sequence[str]) -> dict[str, str]:
    """Return the name of each sheet's document module."""
    return {name: "sh" + re.sub(r"[^A-Za-z0-9]", "", name.title()) for name in sheets}


def buttons_module(reports: Mapping[str, Report]) -> str:
    """Return the source of the module CreditButtons with one public Sub per report."""
    source = (resources.files("workbook") / "vba" / "CreditButtons.bas").read_text("utf-8")
    for mark, text in _CHINESE.items():
        source = re.sub(rf"{mark}\s+", f"{in_letters(text)}", source)
    before, rest = source.split(_MARKS[0])
    _, after = rest.split(_MARKS[1])
    subs = "".join(f'Public Sub {macro_of(key)}()\n    RunCredit "{key}"\nEnd Sub\n\n' for key in reports)
    return f"{before}{subs.rstrip()}{after}"


def in_letters(text: str) -> str:
    """Write a text as an expression of VBA in ASCII, a line for every twenty letters."""
    parts = [part for part in re.split(r"([ -~]+)", text) if part]
    made = [f'"{part}"' if part.isascii() else " & ".join(f"ChrW({ord(letter)})" for letter in part) for part in parts]
    return " & _\n            ".join(made)


def modules(reports: Mapping[str, Report], others: Mapping[str, str]) -> dict[str, str]:
    """Return every module of the project by name. Raises ValueError for a source that is not ASCII."""
    sources = {"CreditButtons": buttons_module(reports), **others}
    for name, source in sources.items():
        if not source.isascii():
            line = next(number for number, text in enumerate(source.splitlines(), 1) if not text.isascii())
            raise ValueError(f"VBA module {name}, line {line}: only ASCII survives in VBA")
    return {name: "\r\n".join(source.splitlines()) + "\r\n" for name, source in sources.items()}


def is_class(source: str) -> bool:
    """Tell whether a source is a class, whose functions no formula reaches."""
    return source.startswith("VERSION 1.0 CLASS")


def vba_project(sheets: Sequence[str], sources: Mapping[str, str]) -> bytes:
    """Return the project for a workbook of these sheets: a document module each, and the modules given."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "skeleton.xlsm"
        _skeleton(path, sheets)
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            for name, source in sources.items():
                kind = VBAModuleKind.other if is_class(source) else VBAModuleKind.standard
                project.add_module(name, source, kind=kind)
            if "Office" not in [reference.name for reference in book.references()]:
                book.add_reference(
                    "Office",
                    "2DF8D04C-5BFA-101B-BDE5-00AA0044DE52",
                    major=2,
                    minor=8,
                    path=r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL",
                    description="Microsoft Office 16.0 Object Library",
                )
            made = Path(folder) / "made.xlsm"
            book.save(made)
        with ZipFile(made) as package:
            return _normalised(package.read(PROJECT_PART))


def _skeleton(path: Path, sheets: Sequence[str]) -> None:
    """Write an empty workbook of these sheets, whose code names the project copies."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_vba_name("ThisWorkbook")
        for name, code_name in code_names(sheets).items():
            sheet: Any = book.add_worksheet(name)
            sheet.set_vba_name(code_name)


def _normalised(project: bytes) -> bytes:
    file = CFB.from_bytes(project)
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", _NO_CACHE)
    directory = decompress(file.get_stream_in_storage("VBA", "dir"))
    if directory.endswith(_DIR_END):
        directory = directory[:-4]
    file.write_stream_in_storage("VBA", "dir", compress(directory))
    return bytes(file.to_bytes())
