"""A picture of a workbook's sheets, as LibreOffice prints them: PDF, or PNG by poppler's pdftoppm. The workbook is never changed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xladdin.errors import BadRequest, CannotWrite, NotAWorkbook, Refused
from xladdin.output import check_output, output

_DOTS = 110  #: per inch, a sheet's text stays readable


def make_picture(workbook: Path, out: Path, sheets: Sequence[str] = (), dots: int = _DOTS, *, force: bool = False) -> list[Path]:
    """Print the sheets (all visible ones when none is named) into a .pdf or .png; several pages become OUT-1.png and so on."""
    kind = out.suffix.lower()
    if kind not in (".pdf", ".png"):
        raise BadRequest(f"a picture's name ends with .png or .pdf; got {out.name}")
    if not workbook.is_file():
        raise NotAWorkbook(f"there is no workbook {workbook}")
    check_output(out, [workbook], force=force)
    poppler = shutil.which("pdftoppm")
    if kind == ".png" and poppler is None:
        raise Refused("a .png needs the program pdftoppm: install poppler (on Debian poppler-utils), or ask for a .pdf")
    with tempfile.TemporaryDirectory(prefix="xladdin-picture-") as folder:
        copy = Path(folder) / f"book{workbook.suffix}"
        try:
            shutil.copyfile(workbook, copy)
        except OSError as error:
            raise CannotWrite(f"{workbook} cannot be read: {error.strerror or error}") from None
        pdf = Path(folder) / "book.pdf"
        _print(copy, pdf, sheets)
        made = [pdf]
        if kind == ".png":
            made = _pages(str(poppler), pdf, dots)
        return _deliver(made, out, workbook, force=force)


def _print(book: Path, pdf: Path, sheets: Sequence[str]) -> None:
    from xladdin.hosts.libreoffice.apart import apart  # noqa: PLC0415
    from xladdin.install.libreoffice import EXTENSION, make_extension  # noqa: PLC0415

    extension = book.with_name(EXTENSION)  # without it cells that LibreOffice calculates on opening would show #NAME?
    extension.write_bytes(make_extension())
    apart("print", {"book": str(book), "pdf": str(pdf), "sheets": list(sheets), "extension": str(extension)})
    if not pdf.is_file():
        raise Refused("LibreOffice printed nothing: the sheets are empty")


def only(document: Any, wanted: Sequence[str]) -> None:
    """Hide the other sheets: a hidden sheet is not printed, and no formula loses what it refers to."""
    names = {name.casefold(): name for name in document.Sheets.ElementNames}
    unknown = [name for name in wanted if name.casefold() not in names]
    if unknown:
        raise BadRequest(f"there is no sheet {', '.join(unknown)}; there are {', '.join(names.values())}")
    chosen = {names[name.casefold()] for name in wanted}
    for name in chosen:
        document.Sheets.getByName(name).IsVisible = True
    for name in names.values():
        sheet = document.Sheets.getByName(name)
        sheet.IsVisible = name in chosen
        if name not in chosen:
            sheet.setPrintAreas(())  # LibreOffice prints a sheet with a print area even when it is hidden


def _pages(poppler: str, pdf: Path, dots: int) -> list[Path]:
    try:
        done = subprocess.run(  # noqa: S603 - poppler, our own file
            [poppler, "-r", str(dots), "-png", str(pdf), str(pdf.with_suffix(""))], capture_output=True, text=True, timeout=300, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"pdftoppm made no picture: {error}") from None
    made = sorted(pdf.parent.glob("book-*.png"))
    if done.returncode or not made:
        raise Refused(f"pdftoppm made no picture: {done.stderr.strip() or 'the sheets are empty'}")
    return made


def _deliver(made: list[Path], out: Path, workbook: Path, *, force: bool) -> list[Path]:
    targets = [out] if len(made) == 1 else [out.with_stem(f"{out.stem}-{number}") for number in range(1, len(made) + 1)]
    for target in targets:  # all of them, before the first is written
        check_output(target, [workbook], force=force)
    for page, target in zip(made, targets, strict=True):
        with output(target, [workbook], force=force) as file:
            file.write(page.read_bytes())
    return targets
