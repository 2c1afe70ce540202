"""Excel on Windows and Mac, for one user and without an administrator: what installing writes, and what it needs.

Places of xlwings (read in its VBA module and command line, version 0.37): the user's settings file, the library beside the interpreter
or one folder above it, the script that Excel on Mac may start. The start folder is Excel's own and trusted by it.
"""

from __future__ import annotations

import importlib
import tempfile
from importlib import metadata, util
from pathlib import Path

from xladdin.errors import Refused
from xladdin.install.plan import Plan, PutFile, SetLines
from xladdin.install.system import System

ADDIN = "Credit.xlam"
_MAC_CONTAINER = ("Library", "Containers", "com.microsoft.Excel", "Data")
_MAC_SCRIPTS = ("Library", "Application Scripts", "com.microsoft.Excel")
_MAC_START = ("Library", "Group Containers", "UBF8T346G9.Office", "User Content.localized", "Startup.localized", "Excel")


def settings_path(system: System) -> Path:
    """Return xlwings' settings file of the user."""
    if system.platform == "windows":
        return system.folder("USERPROFILE") / ".xlwings" / "xlwings.conf"
    return system.home.joinpath(*_MAC_CONTAINER, "xlwings.conf")


def start_folder(system: System) -> Path:
    """Return the folder whose add-ins Excel opens at its start."""
    if system.platform == "windows":
        return system.folder("APPDATA", "AppData", "Roaming") / "Microsoft" / "Excel" / "XLSTART"
    return system.home.joinpath(*_MAC_START)


def interpreter_key(system: System) -> str:
    """Return the setting that names the interpreter."""
    return "INTERPRETER_WIN" if system.platform == "windows" else "INTERPRETER_MAC"


def library_name(bits: int) -> str:
    """Return the name of xlwings' library for an Excel of 64 or 32 bits: workbook, library and package are of one version."""
    return f"xlwings{bits}-{xlwings_version()}.dll"


def xlwings_version() -> str:
    """Return the version of the installed xlwings."""
    return metadata.version("xlwings")


def library_folders(system: System) -> tuple[Path, Path]:
    """Return the two folders where the workbook's macros look for the library."""
    return system.python.parent, system.python.parent.parent


def office_bits(system: System) -> int | None:
    """Return whether Excel has 64 or 32 bits, None where Windows does not say."""
    for key, name in (
        (r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform"),
        (r"HKLM\SOFTWARE\Microsoft\Office\16.0\Outlook", "Bitness"),
        (r"HKCU\SOFTWARE\Microsoft\Office\16.0\Outlook", "Bitness"),
    ):
        found = str(system.registry(key, name) or "").lower()
        if found in ("x64", "x86"):
            return 64 if found == "x64" else 32
    return None


def name_problem(system: System) -> str | None:
    """Say why the macros could not start this interpreter: they name it in the system's code page."""
    path = str(system.python)
    if '"' in path:
        return f"the path {path} has a quotation mark, which the settings file cannot hold: install the product into a folder without it"
    try:
        path.encode(system.encoding)
    except UnicodeEncodeError:
        return (
            f"the path {path} has letters that this Windows cannot write in its code page ({system.encoding}), so Excel's macros could not "
            "start Python: install the product into a folder with plain letters, such as C:\\Credit"
        )
    return None


def excel_plan(system: System, addin: bytes | None = None) -> Plan:
    """Return the steps of installing. Raises Refused where it could not work."""
    if system.platform == "linux":
        raise Refused("Excel runs on Windows and Mac only; here use LibreOffice (xladdin install libreoffice) or closed workbooks")
    problem = name_problem(system)
    if problem:
        raise Refused(problem)
    encoding = system.encoding if system.platform == "windows" else "utf-8"
    steps: list[PutFile | SetLines] = [
        SetLines(settings_path(system), {interpreter_key(system): str(system.python)}, encoding, "the Python that Excel's macros start")
    ]
    if system.platform == "mac":
        script = mac_script()
        steps.append(PutFile(system.home.joinpath(*_MAC_SCRIPTS, script.name), script.read_bytes(), "lets Excel start Python"))
    content = addin if addin is not None else make_addin()
    notes = ["close Excel first; what is installed counts from its next start"]
    steps.append(PutFile(start_folder(system) / ADDIN, content, "the add-in, opened with every Excel"))
    if system.platform == "mac":
        notes.append("on Mac the functions in cells get their values from the button Recalculate credit functions")
    return Plan("excel", tuple(steps), tuple(notes))


def mac_script() -> Path:
    """Return the script that xlwings ships for Excel on Mac."""
    package = util.find_spec("xlwings")
    if package is None or package.origin is None:
        raise Refused("xlwings is not installed in this Python: install the product again")
    script = Path(package.origin).parent / f"xlwings-{xlwings_version()}.applescript"
    if not script.is_file():
        raise Refused(f"xlwings is not whole: {script.name} is missing; install xlwings {xlwings_version()} again")
    return script


def make_addin() -> bytes:
    """Build the add-in."""
    build = importlib.import_module("workbook.build").build_addin
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ADDIN
        build(path)
        return path.read_bytes()
