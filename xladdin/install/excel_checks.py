"""What `xladdin doctor excel` looks at; it changes nothing."""

from __future__ import annotations

from importlib import metadata, util
from pathlib import PurePath

from xladdin.install import settings_file
from xladdin.install.checks import Check
from xladdin.install.excel import (
    ADDIN,
    interpreter_key,
    library_folders,
    library_name,
    mac_script,
    name_problem,
    office_bits,
    settings_path,
    start_folder,
    xlwings_version,
)
from xladdin.install.plan import read
from xladdin.install.system import System

_SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
_POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
_CLOUD = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


def excel_checks(system: System) -> list[Check]:
    """Look at everything that Excel needs."""
    if system.platform == "linux":
        return [_check("Excel", "warning", "runs on Windows and Mac only; here use LibreOffice or closed workbooks")]
    found = [_settings(system), _addin(system)]
    if system.platform == "windows":
        found += [_library(system), _bits(system), _macros(system), *_cloud(system), _pywin32()]
    else:
        found.append(_script(system))
    return found


def _check(name: str, state: str, text: str) -> Check:
    return Check("excel", name, state, text)  # type: ignore[arg-type]


def _settings(system: System) -> Check:
    problem = name_problem(system)
    if problem:
        return _check("Python", "problem", problem)
    path, key = settings_path(system), interpreter_key(system)
    named = settings_file.values(read(path) or b"", system.encoding).get(key)
    if named is None:
        return _check("Python", "problem", f"{path} does not name the Python to start: run xladdin install excel")
    if not system.python.is_file():
        return _check("Python", "problem", f"there is no Python at {system.python}: install the product again, then run xladdin install excel")
    if PurePath(named) != PurePath(system.python):
        return _check(
            "Python", "problem", f"{path} names {named}, but the product is installed in {system.python}: run xladdin install excel"
        )
    return _check("Python", "ok", named)


def _addin(system: System) -> Check:
    path = start_folder(system) / ADDIN
    if not path.is_file():
        return _check("add-in", "warning", f"{path} is not there, so only Credit.xlsm has the functions: run xladdin install excel")
    return _check("add-in", "ok", str(path))


def _library(system: System) -> Check:
    bits = office_bits(system) or system.bits
    wanted = library_name(bits)
    folders = library_folders(system)
    if any((folder / wanted).is_file() for folder in folders):
        return _check("library", "ok", wanted)
    others = sorted({path.name for folder in folders for path in folder.glob(f"xlwings{bits}-*.dll")})
    if others:
        return _check(
            "library", "problem",
            f"the workbook needs {wanted}, beside Python there is {', '.join(others)}: install xlwings {xlwings_version()} and no other version",
        )  # fmt: skip
    return _check(
        "library", "problem", f"{wanted} is neither in {folders[0]} nor in {folders[1]}: install xlwings {xlwings_version()} into that Python again"
    )


def _bits(system: System) -> Check:
    office = office_bits(system)
    if office is None:
        return _check("bitness", "warning", f"Windows does not say whether Excel has 32 or 64 bits; this Python has {system.bits}")
    if office != system.bits:
        return _check(
            "bitness", "problem", f"Excel has {office} bits, this Python {system.bits}: install the product with a Python of {office} bits"
        )
    return _check("bitness", "ok", f"Excel and Python have {office} bits")


def _macros(system: System) -> Check:
    for hive, key, who in (("HKLM", _POLICY, "your administrator"), ("HKCU", _POLICY, "your administrator"), ("HKCU", _SECURITY, "Excel's settings")):
        level = system.registry(f"{hive}\\{key}", "VBAWarnings")
        if level == 4:  # 1 all run, 2 ask, 3 only signed ones ask, 4 none run (Microsoft: VBA macro notification settings)
            ask = "ask for an exception" if who == "your administrator" else "choose File, Options, Trust Center, Macro Settings"
            return _check("macros", "problem", f"macros are switched off by {who}: {ask}, or keep the workbook in a trusted location")
        if level == 3:
            return _check("macros", "warning", f"{who} let only signed macros run: keep the workbook in a trusted location")
        if system.registry(f"{hive}\\{key}\\Trusted Locations", "AllLocationsDisabled") == 1:
            return _check("macros", "problem", f"trusted locations are switched off by {who}, so Excel does not start the add-in by itself")
    return _check("macros", "ok", "macros may run; the start folder of Excel is a trusted location")


def _cloud(system: System) -> list[Check]:
    found = []
    roots = {PurePath(system.environment[name]) for name in _CLOUD if system.environment.get(name)}
    for name, path in (("Python", system.python), ("add-in", start_folder(system))):
        if any(path.is_relative_to(root) for root in roots):
            found.append(
                _check("OneDrive", "problem", f"the {name} lies in OneDrive ({path}), where files may be absent or locked: install it outside")
            )
    if roots and not found:
        places = ", ".join(sorted(str(root) for root in roots))
        found.append(
            _check(
                "OneDrive", "warning",
                f"Excel gives workbooks below {places} and on SharePoint a web address: buttons work, xladdin's commands need the path on disk",
            )
        )
    return found


def _pywin32() -> Check:
    if util.find_spec("win32com") is None:
        return _check("pywin32", "problem", "pywin32 is missing, without which Python cannot speak to Excel: install the product again")
    return _check("pywin32", "ok", metadata.version("pywin32"))


def _script(system: System) -> Check:
    script = mac_script()
    path = system.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / script.name
    if read(path) != script.read_bytes():
        return _check("script", "problem", f"{path} is missing or of another version, so buttons cannot start Python: run xladdin install excel")
    return _check("script", "ok", str(path))
