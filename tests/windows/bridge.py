"""Excel's function calls without Excel: the real xlwings library and our COM server in Windows' Python, under Wine.

`connected()` gives a `Bridge`: a client in VBA's place (client.py), through which tests call the server. Everything waits with a limit.
"""

from __future__ import annotations

import fcntl
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from xladdin import __version__
from xladdin.hosts.excel.server import SCRIPT
from xladdin.install.excel import xlwings_version

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = Path(os.environ.get("XLADDIN_WINE", Path.home() / ".cache" / "xladdin-wine"))
NEEDED: Final = ("wine64", "x86_64-w64-mingw32-gcc")
PATH: Final = f"{os.environ['PATH']}{os.pathsep}/usr/lib/wine"  # where Debian keeps wine64
LACKING: Final = [name for name in NEEDED if shutil.which(name, path=PATH) is None]
#: what every test here is marked with
marks: Final = (
    pytest.mark.wine,
    pytest.mark.slow,
    pytest.mark.skipif(bool(LACKING), reason=f"needs {' and '.join(LACKING)}: apt-get install wine64 wine gcc-mingw-w64-x86-64"),
)


class Lost(Exception):
    """The client ended or did not answer in time."""


def environment() -> dict[str, str]:
    """What Wine's programs see; nothing of this Python's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"}
    overrides = "ucrtbase=n,b;mscoree,mshtml="
    return {**kept, "PATH": PATH, "WINEPREFIX": str(CACHE / "prefix"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": overrides}


def prepare() -> None:
    """Fetch what is missing; one process at a time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(["bash", ROOT / "tests/windows/setup.sh"], capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise RuntimeError(f"the Windows parts could not be fetched:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def windows(path: Path) -> str:
    """Name a path as Wine's programs do."""
    return "Z:" + str(path).replace("/", "\\")


def library() -> str:
    """The library that the workbook's macros load."""
    return windows(CACHE / "py" / f"xlwings64-{xlwings_version()}.dll")


def server_command(mark: str, python: str | None = None, code: str | None = None) -> str:
    """The command line of CreditCalls (`ServerCommand`), with a mark to know the process by."""
    folder = windows(ROOT).replace("\\", "\\\\")
    code = code or f"import sys; sys.path[:0]='{folder}'.split(';'); from {SCRIPT} import serve; serve('$(CLSID)')"
    return f'"{python or windows(CACHE / "py" / "python.exe")}" -B -c "{code}  # {__version__} {mark}"'


class Bridge:
    """One Excel: its own client process, and the server that the client started."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        python, client = CACHE / "py" / "python.exe", ROOT / "tests/windows/client.py"
        self._process = subprocess.Popen(
            ["wine64", str(python), "-B", windows(client)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True,
        )  # fmt: skip
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._said: list[bytes] = []
        for stream, take in ((self._process.stdout, self._lines.put), (self._process.stderr, self._said.append)):
            threading.Thread(target=_read, args=(stream, take), daemon=True).start()

    def send(self, what: str, *given: Any) -> None:
        """Ask without waiting."""
        self._process.stdin.write(json.dumps([what, *given]).encode() + b"\n")
        self._process.stdin.flush()

    def receive(self, limit: float = 60) -> dict[str, Any]:
        """Wait for an answer."""
        try:
            line = self._lines.get(timeout=limit)
        except queue.Empty:
            raise Lost(f"no answer within {limit:g} s") from None
        if not line:
            raise Lost("the client ended: " + b"".join(self._said).decode(errors="replace")[-2000:])
        return json.loads(line)

    def do(self, what: str, *given: Any, limit: float = 60) -> dict[str, Any]:
        """Ask and wait: {"value": …} or {"error": text}."""
        self.send(what, *given)
        return self.receive(limit)

    def start(self, code: str | None = None, more: str = "") -> None:
        """Load the library and start the server, as the first cell of a workbook does; `more` makes it another command.

        Wine keeps the class of a killed process, so that the same command cannot be started again there; Windows forgets it.
        """
        for one in (("load", library()), ("start", server_command(self.mark + more, code=code))):
            answer = self.do(*one, limit=90)
            if "error" in answer:
                raise Lost(answer["error"])

    def ask(self, name: str, *args: Any, limit: float = 60) -> dict[str, Any]:
        """Call a credit function as CreditCalls does: {"value": {"list": [value, reasons]}} or {"error": text}."""
        return self.do("ask", SCRIPT, name, args, limit=limit)

    def pids(self) -> list[int]:
        """The processes of the server."""
        return [pid for pid in _processes() if self.mark.encode() in _command(pid)]

    def kill_server(self) -> None:
        """End the server's process at once."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)

    def kill_client(self) -> None:
        """End Excel's part at once, as a crash does."""
        self._process.kill()
        self._process.wait()

    def wait_until_busy(self, seconds: float) -> None:
        """Wait until the server has worked for so long."""
        (pid,) = self.pids()
        worked, until = _worked(pid), time.monotonic() + 60
        while _worked(pid) < worked + seconds:
            if time.monotonic() > until:
                raise Lost("the server does nothing")
            time.sleep(0.02)

    def memory(self) -> int:
        """The server's resident memory in bytes."""
        text = Path(f"/proc/{self.pids()[0]}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0]) * 1024

    def close(self) -> None:
        """End the client, and the server if it stayed."""
        try:
            self._process.stdin.close()
            self._process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self.kill_server()


def _read(stream: Any, take: Any) -> None:
    for line in stream:
        take(line)
    take(b"")


def _worked(pid: int) -> float:
    """The processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextmanager
def connected(code: str | None = None) -> Iterator[Bridge]:
    """A client with its server, or with the one that `code` starts."""
    prepare()
    bridge = Bridge()
    try:
        bridge.start(code)
        yield bridge
    finally:
        bridge.close()
