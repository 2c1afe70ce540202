"""The VBA project of the workbook, from text sources: our buttons, and the modules of xlwings that start Python.

Sources are ASCII with CRLF: whatever else VBA would turn into "?" without a word, so the build refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import metadata, resources
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
#: modules taken from the installed xlwings (BSD; Dictionary is MIT): file inside the package -> module
XLWINGS_MODULES: Final = {"xlwings.bas": "xlwings", "addin/Dictionary.cls": "Dictionary"}
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
    before, rest = source.split(_MARKS[0])
    _, after = rest.split(_MARKS[1])
    subs = "".join(f'Public Sub {macro_of(key)}()\n    RunCredit "{key}"\nEnd Sub\n\n' for key in reports)
    return f"{before}{subs.rstrip()}{after}"


def modules(reports: Mapping[str, Report], others: Mapping[str, str]) -> dict[str, str]:
    """Return every module of the project by name. Raises ValueError for a source that is not ASCII or another xlwings than its own."""
    sources = {"CreditButtons": buttons_module(reports), **others}
    package = resources.files("xlwings")
    for file, name in XLWINGS_MODULES.items():
        sources[name] = package.joinpath(file).read_bytes().decode("ascii")
    version = metadata.version("xlwings")
    if f'XLWINGS_VERSION As String = "{version}"' not in sources["xlwings"]:
        raise ValueError(f"the xlwings module is not of the installed version {version}")
    for name, source in sources.items():
        if not source.isascii():
            line = next(number for number, text in enumerate(source.splitlines(), 1) if not text.isascii())
            raise ValueError(f"VBA module {name}, line {line}: only ASCII survives in VBA")
    return {name: "\r\n".join(source.splitlines()) + "\r\n" for name, source in sources.items()}


def vba_project(sheets: Sequence[str], sources: Mapping[str, str]) -> bytes:
    """Return the project for a workbook of these sheets: a document module each, and the modules given."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "skeleton.xlsm"
        _skeleton(path, sheets)
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            for name, source in sources.items():
                kind = VBAModuleKind.other if "VERSION 1.0 CLASS" in source else VBAModuleKind.standard
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
