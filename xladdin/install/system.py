"""The facts of a machine that installing depends on, in one place: the code reads them from here, so that a test can describe any machine."""

from __future__ import annotations

import importlib
import locale
import os
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from xladdin.errors import Refused

Platform = Literal["windows", "mac", "linux"]
#: reads a value of Windows' registry: (key, name) -> the value, None where there is none; the key begins with HKCU or HKLM
Registry = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class System:
    """A machine and its user."""

    platform: Platform
    home: Path
    environment: Mapping[str, str]
    python: Path  #: the interpreter the product is installed for
    prefix: Path  #: the folder of its environment
    bits: int  #: 64 or 32
    encoding: str  #: in which VBA reads text files, and names programs: the system's code page on Windows
    registry: Registry
    root: bool = False  #: the user may write everywhere

    def folder(self, variable: str, *default: str) -> Path:
        """Return the folder that an environment variable names, else one below the home folder."""
        named = self.environment.get(variable)
        return Path(named) if named else self.home.joinpath(*default)

    @property
    def data(self) -> Path:
        """Where the record of what was installed is kept."""
        if self.platform == "windows":
            return self.folder("LOCALAPPDATA", "AppData", "Local") / "xladdin"
        if self.platform == "mac":
            return self.home / "Library" / "Application Support" / "xladdin"
        return self.folder("XDG_DATA_HOME", ".local", "share") / "xladdin"


def this_system() -> System:
    """Describe the machine this runs on."""
    platform: Platform = "windows" if sys.platform == "win32" else "mac" if sys.platform == "darwin" else "linux"
    try:
        home = Path.home()
    except RuntimeError:
        raise Refused("this user has no home folder, so there is no place to install to") from None
    root = platform != "windows" and hasattr(os, "geteuid") and os.geteuid() == 0
    encoding = locale.getpreferredencoding(do_setlocale=False) if platform == "windows" else "utf-8"
    registry = _windows_registry if platform == "windows" else _no_registry
    return System(
        platform, home, dict(os.environ), Path(sys.executable), Path(sys.prefix), struct.calcsize("P") * 8, encoding, registry, root
    )


def _no_registry(_key: str, _name: str) -> Any:
    return None


def _windows_registry(key: str, name: str) -> Any:
    winreg: Any = importlib.import_module("winreg")
    hive, _, path = key.partition("\\")
    top = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[hive]
    for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):  # Office of the other bitness writes into the other half
        try:
            with winreg.OpenKey(top, path, 0, winreg.KEY_READ | view) as opened:
                return winreg.QueryValueEx(opened, name)[0]
        except OSError:
            continue
    return None
