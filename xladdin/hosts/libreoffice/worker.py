"""The process that works with LibreOffice, started by `xladdin.hosts.libreoffice.apart`; its one argument is the folder of its task.

It reads given.json there and leaves answer.json. It ends when its standard input does, and LibreOffice with it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from xladdin.errors import CreditError, Refused
from xladdin.hosts.libreoffice.apart import ignore_interrupts
from xladdin.hosts.libreoffice.office import RunningOffice, end_all, gone, properties, running_office

Given = dict[str, Any]
_offices: list[RunningOffice] = []


@contextmanager
def office(given: Given) -> Iterator[RunningOffice]:
    """Start LibreOffice for a job, and tell the one who waits of it."""
    extension = given.get("extension")
    with running_office(None if extension is None else Path(extension)) as running, running.watched():
        _offices.append(running)
        sys.stdout.write(f"office {running.process.pid}\n")
        sys.stdout.flush()
        yield running


def print_sheets(given: Given) -> None:
    """Print sheets of `book` into `pdf`, all visible ones where `sheets` is empty."""
    choose = import_module("xladdin.install.picture").only
    with office(given) as running:
        document = running.load(Path(given["book"]))
        if given["sheets"]:
            choose(document, given["sheets"])
        document.storeToURL(Path(given["pdf"]).as_uri(), properties(FilterName="calc_pdf_Export"))
        document.close(True)


def calculate(given: Given) -> Any:
    """Calculate the draft `book`: see `xladdin.hosts.libreoffice.recalc`."""
    recalc = import_module("xladdin.hosts.libreoffice.recalc")
    opened = import_module("xladdin.hosts.libreoffice.engine").open_in_office
    with office(given) as running:
        wanted, ours = recalc.unpacked(given["wanted"]), recalc.unpacked(given["ours"])
        values, unknown = recalc.calculate(opened(Path(given["book"]), running), wanted, ours)
    return {"values": recalc.packed(values), "unknown": recalc.packed(unknown)}


JOBS: Final[dict[str, Callable[[Given], Any]]] = {"print": print_sheets, "calculate": calculate}


def main(folder: Path) -> None:
    """Do the job and leave the answer."""
    ignore_interrupts()
    _leave_no_core()
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    answer: dict[str, Any]
    given = json.loads((folder / "given.json").read_bytes())
    try:
        answer = {"made": JOBS[given["job"]](given)}
    except CreditError as error:
        answer = _refusal(error)
    except Exception as error:  # noqa: BLE001 - LibreOffice's own tree of errors
        ended = any(one.ended() for one in _offices)
        answer = _refusal(gone() if ended else Refused(f"LibreOffice could not do it: {type(error).__name__.rpartition('.')[2]}"))
    (folder / "answer.new").write_text(json.dumps(answer), encoding="utf-8")
    (folder / "answer.new").replace(folder / "answer.json")
    sys.stdout.flush()
    os._exit(0)  # the bridge may abort a process that takes it down in order


def _refusal(error: CreditError) -> dict[str, str]:
    return {"refused": type(error).__name__, "text": str(error)}


def _leave_no_core() -> None:
    if sys.platform != "win32":
        resource: Any = import_module("resource")
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _end_with_the_command() -> None:
    """Wait for the end of the standard input: the command gave up, or was killed."""
    sys.stdin.read()
    end_all()
    os._exit(3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
