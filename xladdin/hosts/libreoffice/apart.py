"""Work with LibreOffice in a process of its own.

    answer = apart("print", {"book": "…", "pdf": "…", "sheets": []})

When LibreOffice dies in the middle of a call, its bridge may abort the whole process that calls it (`terminate called after throwing an
instance of DisposedException`), which no Python code can catch. So that is a process apart (`xladdin.hosts.libreoffice.worker`): whatever
happens to it, the command says a line. It gets a limit, its LibreOffice ends with it, and it ends with the command.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from xladdin.errors import BadRequest, CannotWrite, NotAWorkbook, Refused
from xladdin.hosts.libreoffice.office import START_SECONDS, NoOffice, OfficeGone, end_process, gone, limit, too_late

_REFUSALS: Final = {one.__name__: one for one in (BadRequest, CannotWrite, NotAWorkbook, NoOffice, OfficeGone, Refused)}
_ROOT: Final = Path(__file__).resolve().parents[3]
_ENDING_SECONDS: Final = 20  # for a worker that was told to end


def apart(job: str, given: Mapping[str, Any], started: Callable[[int], None] | None = None) -> Any:
    """Have the worker do a job (see there for what each is given and answers); `given` and the answer are plain JSON.

    `started` is told the process id of LibreOffice once it runs. Raises what the worker raised on purpose, and OfficeGone when LibreOffice
    ends in the middle or does not come to an end.
    """
    with tempfile.TemporaryDirectory(prefix="xladdin-office-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        (place / "given.json").write_text(json.dumps({"job": job} | dict(given)), encoding="utf-8")
        with (place / "said.txt").open("wb") as said:
            worker = subprocess.Popen(  # noqa: S603 - our own Python, our own module
                [sys.executable, "-m", "xladdin.hosts.libreoffice.worker", folder], env=_environment(folder), stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True,
            )  # fmt: skip
        offices: list[int] = []
        listener = threading.Thread(target=_listen, args=(worker, offices, started), daemon=True)
        listener.start()
        until = time.monotonic() + limit()
        try:
            worker.wait(START_SECONDS + limit())
        except subprocess.TimeoutExpired:
            raise too_late() from None
        finally:
            _end(worker, offices, listener)
        try:
            answer = json.loads((place / "answer.json").read_bytes())
        except (OSError, ValueError):  # it was torn down with LibreOffice
            raise (too_late() if time.monotonic() > until else gone()) from None
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](answer["text"])
    return answer["made"]


def _environment(folder: str) -> dict[str, str]:
    paths = [str(_ROOT), *([os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else [])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "TMPDIR": folder, "TEMP": folder, "TMP": folder}


def _listen(worker: subprocess.Popen[str], offices: list[int], started: Callable[[int], None] | None) -> None:
    """Hear of each LibreOffice that the worker starts, so that none is left when the worker is gone."""
    assert worker.stdout is not None  # noqa: S101 - asked for
    for line in worker.stdout:
        if line.startswith("office "):
            offices.append(int(line.split()[1]))
            if started is not None:
                started(offices[-1])


def _end(worker: subprocess.Popen[str], offices: list[int], listener: threading.Thread) -> None:
    if worker.poll() is None:
        with suppress(OSError):
            worker.stdin.close()  # type: ignore[union-attr]  # it was asked for; its end tells the worker to end
        with suppress(subprocess.TimeoutExpired):
            worker.wait(_ENDING_SECONDS if not offices else 1)
    listener.join(1)
    for office in offices:
        end_process(office)
    if worker.poll() is None:
        worker.kill()
        worker.wait(_ENDING_SECONDS)
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def ignore_interrupts() -> None:
    """Leave Ctrl+C to the command, which ends this process by itself."""
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
