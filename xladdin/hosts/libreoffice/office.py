"""LibreOffice on this machine: where it is, and a soffice process of our own to work in.

    with running_office() as office:
        document = office.load(path)

The process has a profile of its own and is reached over a pipe with a random name, so an office the user has open is never touched.

Every wait has an end: a LibreOffice that does not answer within the limit (`LIMIT`) is killed, which ends the call. Where it dies during a
call, its bridge may take the calling process with it: a command therefore works through `xladdin.hosts.libreoffice.apart`.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xladdin.errors import BadRequest, CreditError, NotAWorkbook, Refused

OLDEST: Final = (7, 3)  # the first version with the add-in and form interfaces used here
_RESTART: Final = 81  # soffice's exit code on its first start in a fresh profile: start again
START_SECONDS: Final = 120
#: seconds that LibreOffice may take for opening a document, or for what is done to it; an own number stands in the variable
LIMIT: Final = 1800.0
LIMIT_VARIABLE: Final = "XLADDIN_OFFICE_SECONDS"
_CLOSE_SECONDS: Final = 15
_WINDOWS: Final = sys.platform == "win32"
#: memory is taken in large pieces and kept, else every second recalculation spends its time giving it back
_MEMORY: Final = {"MALLOC_TOP_PAD_": "16777216", "MALLOC_TRIM_THRESHOLD_": "134217728"}
_NOT_HEADED: Final = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


_launched: list[subprocess.Popen[bytes]] = []


class NoOffice(Refused):
    """LibreOffice is absent, too old, or this Python cannot speak to it."""


class OfficeGone(Refused):
    """The soffice process ended, or the document was closed, in the middle of the work."""


@dataclass(frozen=True, slots=True)
class Office:
    """An installed LibreOffice."""

    soffice: Path
    version: str
    python: Path | None  #: LibreOffice's own Python; None where it uses the system's

    @property
    def program(self) -> Path:
        """The folder of its programs and libraries."""
        return self.soffice.parent


def find_office(soffice: Path | None = None) -> Office:
    """Find LibreOffice, or take the one named by the argument or by XLADDIN_SOFFICE. Raises NoOffice when absent or too old."""
    named = soffice or (Path(os.environ["XLADDIN_SOFFICE"]) if os.environ.get("XLADDIN_SOFFICE") else None)
    if named is not None and not named.is_file():
        raise NoOffice(f"there is no LibreOffice at {named}; name its soffice program in XLADDIN_SOFFICE, or leave that unset")
    found = named or next((path for path in _candidates() if path.is_file()), None)
    if found is None:
        raise NoOffice(
            "LibreOffice is not installed, or not where it usually is: install LibreOffice 7.3 or later, "
            "or name its soffice program in XLADDIN_SOFFICE"
        )
    path = found.resolve()
    version = _version(path)
    if tuple(int(part) for part in version.split(".")) < OLDEST:
        raise NoOffice(f"LibreOffice {version} at {path} is too old: install {OLDEST[0]}.{OLDEST[1]} or later")
    own = next((python for name in ("python", "python.exe") if (python := path.parent / name).is_file()), None)
    return Office(path, version, own)


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if on_path:
        yield Path(on_path)
    if _WINDOWS:
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
            yield Path(os.environ.get(variable, "C:\\Program Files")) / "LibreOffice" / "program" / "soffice.exe"
    elif sys.platform == "darwin":
        yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    else:
        yield Path("/usr/bin/soffice")
        yield from (Path(folder) / "libreoffice/program/soffice" for folder in ("/usr/lib", "/usr/lib64", "/opt"))
        yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


def _version(soffice: Path) -> str:
    """Read the version from the installation; starting the program for it would take a second."""
    for name in ("bootstraprc", "bootstrap.ini", "../Resources/bootstraprc"):
        with suppress(OSError):
            text = (soffice.parent / name).read_text(encoding="utf-8", errors="replace")
            found = re.search(r"^ProductKey=\D*(\d+\.\d+)", text, re.MULTILINE)
            if found:
                return found[1]
    with suppress(OSError, subprocess.TimeoutExpired):
        said = subprocess.run([soffice, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout  # noqa: S603 - found above
        found = re.search(r"(\d+\.\d+)", said)
        if found:
            return found[1]
    raise NoOffice(f"{soffice} does not say its version: install LibreOffice again, or name another soffice in XLADDIN_SOFFICE")


def load_uno(office: Office | None = None) -> Any:
    """Import LibreOffice's Python bridge `uno`, also from a Python environment that does not see the system's packages."""
    if "uno" in sys.modules:
        return sys.modules["uno"]
    # at the end of the path and only for this import: nothing else is to be taken from there
    added = [str(folder) for folder in _uno_folders(office)]
    sys.path.extend(added)
    try:
        return importlib.import_module("uno")
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise NoOffice(
            f"this Python {version} cannot speak to LibreOffice ({error}): install the package python3-uno for it, "
            "or run the add-in with the Python version LibreOffice was built for"
        ) from error
    finally:
        for folder in added:
            sys.path.remove(folder)


def _uno_folders(office: Office | None) -> list[Path]:
    folders = [Path("/usr/lib/python3/dist-packages"), *Path("/usr/lib64").glob("python3*/site-packages")]
    if office is not None:
        folders = [office.program, *folders, office.program.parent / "Resources"]
    return [folder for folder in folders if (folder / "uno.py").is_file()]


def uno_folder(office: Office) -> Path | None:
    """Return where LibreOffice's module uno lies; None where it is not installed."""
    return next(iter(_uno_folders(office)), None)


def properties(**values: Any) -> tuple[Any, ...]:
    """Make the named values that LibreOffice's calls take."""
    uno = load_uno()
    made = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


@dataclass(slots=True)
class RunningOffice:
    """A soffice process of our own."""

    office: Office
    process: subprocess.Popen[bytes]
    context: Any
    desktop: Any = field(init=False)
    late: bool = field(init=False, default=False)  #: it was killed because it did not answer

    def __post_init__(self) -> None:
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str) -> Any:
        """Make one of LibreOffice's services."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def load(self, path: Path, hidden: bool = True, **more: Any) -> Any:
        """Open a document, its macros off. Raises NotAWorkbook when LibreOffice cannot read it."""
        given = {"Hidden": hidden, "MacroExecutionMode": 0, "UpdateDocMode": 0} | more
        with self.watched():
            try:
                document = self.desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, properties(**given))
            except Exception as error:
                if _kind(error) in _GONE or self.ended():
                    raise
                raise NotAWorkbook(f"LibreOffice cannot open {path.name}: {_said(error)}") from error
        if document is None:
            raise NotAWorkbook(f"LibreOffice cannot open {path.name}: it is no workbook, or is damaged or protected by a password")
        return document

    def new(self, hidden: bool = True) -> Any:
        """Make an empty spreadsheet."""
        with self.watched():
            return self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=hidden))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Say in words when the process ends while it is worked with; kill it after the limit, as the call would never end."""
        timer = threading.Timer(limit(), self._too_late)
        timer.daemon = True
        timer.start()
        try:
            with watched():
                yield
        except Exception as error:
            if self.late:
                raise too_late() from error
            if isinstance(error, CreditError) or not self.ended():
                raise
            raise gone() from error  # whatever its bridge makes of it
        finally:
            timer.cancel()

    def ended(self) -> bool:
        """Whether the process is gone; a moment is waited for it, as its bridge breaks before it is."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(0.3)
        return self.process.poll() is not None

    def _too_late(self) -> None:
        self.late = True
        kill(self.process)

    def close(self) -> None:
        """Close the documents unsaved, end the process; kill it when it does not answer."""
        if self.process.poll() is None:
            polite = threading.Thread(target=self._terminate, daemon=True)
            polite.start()
            polite.join(_CLOSE_SECONDS)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(2 if polite.is_alive() else _CLOSE_SECONDS)
        kill(self.process)

    def _terminate(self) -> None:
        with suppress(Exception):  # the connection breaks when the process ends, as it should
            documents = self.desktop.Components.createEnumeration()
            while documents.hasMoreElements():
                document = documents.nextElement()
                with suppress(Exception):
                    document.close(True)
            self.desktop.terminate()


_GONE: Final = ("DisposedException", "BridgeException", "ConnectionSetupException")


def limit() -> float:
    """Return for how many seconds LibreOffice is waited for. Raises BadRequest where the variable holds no number above 0."""
    text = os.environ.get(LIMIT_VARIABLE, "").strip()
    try:
        seconds = float(text) if text else LIMIT
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= threading.TIMEOUT_MAX:
        raise BadRequest(f"{LIMIT_VARIABLE} must be a number of seconds above 0")
    return seconds


def too_late() -> OfficeGone:
    """Say that LibreOffice was ended because it did not answer."""
    return OfficeGone(
        f"LibreOffice did not come to an end within {limit():g} s and was ended: nothing was saved; "
        f"give it longer in the variable {LIMIT_VARIABLE}, or look whether the workbook opens in LibreOffice by hand"
    )


def gone() -> OfficeGone:
    """Say that the process or the document is lost."""
    return OfficeGone(
        "LibreOffice ended, or the workbook was closed, before the work was done: nothing was saved; open the workbook and try again"
    )


@contextmanager
def watched() -> Iterator[None]:
    """Turn the loss of the process or the document into OfficeGone, with a sentence."""
    try:
        yield
    except Exception as error:
        if _kind(error) in _GONE:
            raise gone() from error
        raise


def _kind(error: Exception) -> str:
    return type(error).__name__.rpartition(".")[2]  # UNO's exceptions carry their module in their name


def _said(error: Exception) -> str:
    return str(getattr(error, "Message", "") or error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


@contextmanager
def running_office(
    extension: Path | None = None, profile: Path | None = None, headless: bool = True, office: Office | None = None
) -> Iterator[RunningOffice]:
    """Start a soffice of our own, with an extension (an .oxt or its folder) when given; on leaving, its documents are closed unsaved."""
    office = office or find_office()
    load_uno(office)
    with tempfile.TemporaryDirectory(prefix="xladdin-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        if profile is None:
            _lock_down(home / "profile")
        arguments = [f"-env:UserInstallation={(profile or home / 'profile').resolve().as_uri()}"]
        if extension is not None:
            arguments.append(f"-env:BUNDLED_EXTENSIONS={_bundle(extension, home / 'extensions').as_uri()}")
        running = _start(office, arguments, headless=headless, log=home / "soffice.log")
        try:
            yield running
        finally:
            running.close()


def _lock_down(profile: Path) -> None:
    """Write the settings of a profile of our own: a workbook from anywhere fetches nothing, neither pictures nor other workbooks.

    Links to what lies elsewhere are blocked or never followed; what would go out all the same meets a proxy that is not there.
    """
    items = [
        ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
        ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
        ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
        ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
        *(("/org.openoffice.Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
        *(("/org.openoffice.Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
        ("/org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
    ]
    lines = [
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>' for path, name, value in items
    ]
    folder = profile / "user"
    folder.mkdir(parents=True)
    head = '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{"".join(lines)}</oor:items>\n'
    (folder / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _bundle(extension: Path, folder: Path) -> Path:
    place = folder / extension.stem
    if extension.is_dir():
        shutil.copytree(extension, place)
    else:
        with zipfile.ZipFile(extension) as archive:
            archive.extractall(place)
    return folder.resolve()


def _environment(*, headless: bool) -> dict[str, str]:
    """LibreOffice's Python fails inside another Python's environment, so that is taken out."""
    clean = {name: value for name, value in os.environ.items() if name not in _NOT_HEADED}
    if not _WINDOWS:
        clean["PATH"] = "/usr/bin:/bin"
        # named, whatever the desktop: the GTK plug-in asks for the clipboard when a document is shown, and waits for its owner for ever
        clean["SAL_USE_VCLPLUGIN"] = "svp" if headless else "gen"
    return clean | _MEMORY


def _start(office: Office, arguments: list[str], *, headless: bool, log: Path) -> RunningOffice:
    pipe = f"xladdin{uuid.uuid4().hex}"
    own = office.program / "soffice.bin"  # without the splash program, whose child it would be
    command = [str(own if own.is_file() and not _WINDOWS else office.soffice)]
    command += ["--headless", "--invisible"] if headless else []
    command += ["--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck", *arguments]
    command.append(f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext")
    until = time.monotonic() + START_SECONDS
    process = _launch(command, headless=headless, log=log)
    try:
        while True:
            context = _connect(pipe)
            if context is not None:
                return RunningOffice(office, process, context)
            if process.poll() == _RESTART:
                process = _launch(command, headless=headless, log=log)
            _refuse_failed_start(office, process, log, late=time.monotonic() > until)
            time.sleep(0.05)
    except BaseException:
        kill(process)
        raise


def _refuse_failed_start(office: Office, process: subprocess.Popen[bytes], log: Path, *, late: bool) -> None:
    code = process.poll()
    if code is not None and code != _RESTART:
        raise NoOffice(f"LibreOffice {office.version} ended while starting (exit code {code}): {_last_line(log)}")
    if late:
        raise NoOffice(f"LibreOffice {office.version} did not answer within {START_SECONDS} s of its start: {_last_line(log)}")


def _launch(command: list[str], *, headless: bool, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        _launched.append(subprocess.Popen(  # noqa: S603 - the program found, arguments of ours
            command, env=_environment(headless=headless), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        ))  # fmt: skip
        return _launched[-1]


def _connect(pipe: str) -> Any:
    uno = load_uno()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    try:
        return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    except Exception as error:
        if _kind(error) in (*_GONE, "NoConnectException"):  # not up yet, or just restarting
            return None
        raise


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.is_file() else []
    return lines[-1] if lines else "it said nothing more"


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started."""
    end_process(process.pid)
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)


def end_all() -> None:
    """End every LibreOffice that this process started, also one that is still starting."""
    for process in _launched:
        if process.poll() is None:
            end_process(process.pid)


def end_process(number: int) -> None:
    """End a LibreOffice of ours by its process id, and what it started."""
    with suppress(OSError):
        if _WINDOWS:
            os.kill(number, signal.SIGTERM)
        else:
            os.killpg(number, signal.SIGKILL)  # its own session, so its own group
