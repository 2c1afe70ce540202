"""LibreOffice: where its profile is, and what installing the extension does.

A user's extension is deployed by LibreOffice's own unopkg into the profile. unopkg refuses to run as root; root instead puts the
extension's files among those that come with LibreOffice, for all users of the machine.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from xladdin.errors import Refused
from xladdin.hosts.libreoffice.extension import guard
from xladdin.hosts.libreoffice.office import Office, uno_folder
from xladdin.install.plan import Plan, PutFile, RunProgram
from xladdin.install.system import System

EXTENSION = "Credit.oxt"
_OTHER_PYTHON = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


def profile(system: System) -> Path:
    """Return the folder of the user's LibreOffice profile."""
    if system.platform == "windows":
        return system.folder("APPDATA", "AppData", "Roaming") / "LibreOffice" / "4"
    if system.platform == "mac":
        return system.home / "Library" / "Application Support" / "LibreOffice" / "4"
    return system.folder("XDG_CONFIG_HOME", ".config") / "libreoffice" / "4"


def shared_folder(office: Office) -> Path:
    """Return where the extensions that come with LibreOffice are."""
    resources = office.program.parent / "Resources"
    return (resources if resources.is_dir() else office.program.parent / "share") / "extensions" / "xladdin-credit"


def clean_environment(system: System) -> dict[str, str]:
    """Return the environment without another Python's, in which LibreOffice's own fails."""
    clean = {name: value for name, value in system.environment.items() if name not in _OTHER_PYTHON}
    if system.platform != "windows":
        clean["PATH"] = "/usr/bin:/bin"
    return clean


def own_environment(system: System, office: Office) -> tuple[PutFile, ...]:
    """Return what makes LibreOffice work when it is started while the product's environment is active; nothing where that needs nothing.

    A LibreOffice with the system's Python takes the libraries of the first python3 on the PATH. In the product's environment it then finds
    all but its own module uno; the guard of the extension would switch the functions off. A line of the environment shows it the way, to
    LibreOffice alone.
    """
    folder = uno_folder(office)
    packages = system.prefix / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    if system.platform != "linux" or office.python is not None or folder is None or folder == packages or not packages.is_dir():
        return ()
    inside = f'os.environ.get("{guard.TRYING}") or os.path.basename(os.path.realpath("/proc/self/exe")).startswith("soffice")'
    line = f"import os, sys; ({inside}) and sys.path.append({str(folder)!r})\n"
    return (PutFile(packages / "xladdin-libreoffice.pth", line.encode(), "lets LibreOffice work when it is started from the product's environment"),)


def libreoffice_plan(system: System, office: Office, extension: bytes | None = None) -> Plan:
    """Return the steps of installing."""
    content = extension if extension is not None else make_extension()
    if system.root:
        folder = shared_folder(office)
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / EXTENSION
            path.write_bytes(content)
            with zipfile.ZipFile(path) as package:
                steps = tuple(PutFile(folder / name, package.read(name), "the extension") for name in package.namelist())
        return Plan("libreoffice", (*steps, *own_environment(system, office)), ("as root LibreOffice's unopkg refuses, so the extension is put there for all users of this machine",))
    unopkg = next((path for name in ("unopkg.com", "unopkg") if (path := office.program / name).is_file()), None)
    if unopkg is None:
        raise Refused(f"LibreOffice at {office.program} has no unopkg, which installs extensions: install LibreOffice again, complete")
    file = system.data / EXTENSION
    where = f"-env:UserInstallation={profile(system).as_uri()}"
    from xladdin.hosts.libreoffice.extension.names import IDENTIFIER  # noqa: PLC0415

    add = (str(unopkg), "add", "--force", "--suppress-license", str(file), where)
    kept = ("PATH", "HOME", "SystemRoot", "APPDATA", "LOCALAPPDATA", "TEMP", "XDG_CONFIG_HOME")  # the record holds no more of it
    environment = {name: value for name, value in clean_environment(system).items() if name in kept}
    return Plan(
        "libreoffice",
        (
            PutFile(file, content, "the extension, which knows where this product is"),
            *own_environment(system, office),
            RunProgram(add, (str(unopkg), "remove", IDENTIFIER, where), "puts the extension into your profile", environment),
        ),
        ("close LibreOffice first; the functions are there at its next start",),
    )


def make_extension() -> bytes:
    """Build the extension for the product that is running."""
    from xladdin.hosts.libreoffice.extension import build_extension, this_product  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        return build_extension(Path(folder) / EXTENSION, this_product()).read_bytes()
