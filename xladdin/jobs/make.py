"""Commands that make a new file: the demo, an empty workbook, the extension, the add-in."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from xladdin.cells import describe
from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.jobs.done import Step, quiet


def make_demo(path: Path, step: Step = quiet, *, force: bool = False) -> str:
    """Build, fill, recalculate and refresh a demo workbook; answers the closing line. Raises BadRequest rather than replace one."""
    from workbook.build import build_workbook  # noqa: PLC0415
    from workbook.demo import AS_OF, EARLIER_RUNS, MONTH_ENDS, SETTINGS, demo_data  # noqa: PLC0415
    from workbook.demo.arrangements import carry_out  # noqa: PLC0415
    from workbook.history.job import store_history  # noqa: PLC0415
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from workbook.refresh import refresh  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.hosts.file.recalc import recalculate  # noqa: PLC0415

    _need_xlsm(path)
    snapshots = path.absolute().parent / f"{path.stem}-snapshots"
    _need_new(path, force=force)
    if os.path.lexists(snapshots) and not force:
        raise BadRequest(f"{snapshots} is already there, and the demo's snapshots would go into it; give another name, or --force")
    start = time.perf_counter()
    step("inventing an exporter")
    data = demo_data()
    step("building the workbook")
    with TemporaryDirectory() as folder:  # an earlier demo stays as it is until this one is finished, and then as a backup
        draft = Path(folder) / "draft.xlsm"
        build_workbook(draft, data=data, settings=SETTINGS)
        book = open_book(draft)
        try:
            for day in EARLIER_RUNS:  # an item goes up once its level is done: the list of a firm that has worked with it for months
                refresh(book, today=day, as_of=day, keys=["escalation"])
                carry_out(book.sheets["Escalation"])
            step("storing a year of snapshots")
            read = replace(read_host_book(book), folder=path.absolute().parent, name=path.name)
            store_history(read, MONTH_ENDS)
            made = refresh(book, today=AS_OF, progress=step, overrides={"snapshots": str(read.snapshots)})
            step("recalculating")
            recalculate(book)
            book.save(path)
        finally:
            book.close()
    documents = made.documents
    done = f"{counted(documents, 'document')}, {counted(len(made.sheets), 'report')}, {made.unreconciled} unreconciled"
    return f"{path.name}: {done}, {time.perf_counter() - start:.1f} s"


def build_empty(path: Path, language: str, *, force: bool) -> str:
    """Build an empty workbook. Raises BadRequest rather than replace one."""
    from workbook.build import build_workbook  # noqa: PLC0415

    _need_xlsm(path)
    if language not in ("en", "zh"):
        raise BadRequest(f"the language is en or zh; got {describe(language)}")
    _need_new(path, force=force)
    _put(path, lambda draft: build_workbook(draft, language=language))
    return f"{path.name}: an empty credit workbook"


def build_oxt(path: Path, *, force: bool) -> str:
    """Build the LibreOffice extension; it serves the product that builds it. Raises BadRequest rather than replace a file."""
    from xladdin.hosts.libreoffice.extension import build_extension  # noqa: PLC0415

    _need_new(path, force=force)
    _put(path, build_extension)
    return f"{path.name}: the extension for LibreOffice; install it there under Tools, Extension Manager"


def build_xlam(path: Path, *, force: bool) -> str:
    """Build Excel's add-in. Raises BadRequest rather than replace a file."""
    from workbook.build import build_addin  # noqa: PLC0415

    if path.suffix.lower() != ".xlam":
        raise BadRequest(f"an Excel add-in has a name that ends with .xlam; got {path.name}")
    _need_new(path, force=force)
    _put(path, build_addin)
    return f"{path.name}: the functions and the ribbon for every workbook in Excel; xladdin install excel puts it in place"


def _need_xlsm(path: Path) -> None:
    if path.suffix.lower() != ".xlsm":
        raise BadRequest(f"a credit workbook has macros, so its name ends with .xlsm; got {path.name}")
    if not path.absolute().parent.is_dir():
        raise BadRequest(f"there is no folder {path.absolute().parent}")


def _need_new(path: Path, *, force: bool) -> None:
    from xladdin.output import check_output  # noqa: PLC0415

    check_output(path, force=force)


def _put(path: Path, make: Callable[[Path], Any]) -> None:
    """Make a file in a folder of its own, then give it its place; what it replaces stays as a backup, as after every save."""
    from xladdin.hosts.file.save import save, signature  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        make(draft)
        target = Path(os.path.realpath(path))

        def write(file: IO[bytes]) -> None:
            file.write(draft.read_bytes())

        save(target, write, signature(target))
