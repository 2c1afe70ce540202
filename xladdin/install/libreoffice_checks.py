"""What `xladdin doctor libreoffice` looks at; it changes nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from xladdin import __version__
from xladdin.errors import CreditError
from xladdin.hosts.libreoffice.office import Office, find_office
from xladdin.install.checks import Check
from xladdin.install.libreoffice import clean_environment, profile, shared_folder
from xladdin.install.plan import read
from xladdin.install.system import System

_TRY = "import sys; sys.path[:0] = sys.argv[1:]; import xladdin.hosts.libreoffice.extension.serve; print(*sys.version_info[:2], sep='.')"
_VERY_HIGH = 3  #: LibreOffice's macro security: 0 low, 1 medium, 2 high, 3 very high


def libreoffice_checks(system: System) -> list[Check]:
    """Look at everything that LibreOffice needs."""
    try:
        office = find_office()
    except CreditError as error:
        return [_check("program", "problem", str(error))]
    return [_check("program", "ok", f"LibreOffice {office.version} at {office.soffice}"), _python(system, office), _extension(system, office), _macros(system)]


def _check(name: str, state: str, text: str) -> Check:
    return Check("libreoffice", name, state, text)  # type: ignore[arg-type]


def _python(system: System, office: Office) -> Check:
    python = office.python or next((Path(one) for one in ("/usr/bin/python3", shutil.which("python3")) if one and Path(one).is_file()), None)
    if python is None:
        return _check("Python", "problem", "LibreOffice has no Python: install its Python part (on Debian the package python3-uno)")
    from xladdin.hosts.libreoffice.extension import this_product  # noqa: PLC0415

    product = this_product()
    try:
        done = subprocess.run(  # noqa: S603 - LibreOffice's own Python, a script of ours
            [python, "-c", _TRY, *product.paths], env=clean_environment(system), capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _check("Python", "problem", f"{python} does not run ({error}): install LibreOffice again")
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return _check(
            "Python", "problem",
            f"{python} cannot load the product, which is installed for Python {product.python} ({said}): "
            "install the product with the Python version of LibreOffice",
        )  # fmt: skip
    return _check("Python", "ok", f"{python} (Python {done.stdout.strip()}) loads the product of {sys.prefix}")


def _facts(system: System, office: Office) -> dict[str, Any] | None:
    """Return what the installed extension says of itself, that of the user before that of the machine."""
    cache = profile(system) / "user" / "uno_packages" / "cache"
    listed = (read(cache / "uno_packages.pmap") or b"").decode("utf-8", errors="replace")  # a removed extension's files go later
    places = [path for path in sorted(cache.glob("uno_packages/*/Credit.oxt/credit.json")) if path.parents[1].name.rstrip("_") in listed]
    places.append(shared_folder(office) / "credit.json")
    for place in places:
        content = read(place)
        if content is not None:
            return dict(json.loads(content))
    return None


def _extension(system: System, office: Office) -> Check:
    facts = _facts(system, office)
    if facts is None:
        return _check("extension", "problem", "the extension is not installed: run xladdin install libreoffice")
    if facts["version"] != __version__:
        return _check(
            "extension", "problem", f"the extension is version {facts['version']}, the product {__version__}: run xladdin install libreoffice again"
        )
    gone = [path for path in facts["paths"] if not Path(path).is_dir()]
    if gone:
        return _check("extension", "problem", f"the extension looks for the product in {gone[0]}, which is gone: run xladdin install libreoffice again")
    return _check("extension", "ok", f"version {facts['version']}")


def _macros(system: System) -> Check:
    text = (read(profile(system) / "user" / "registrymodifications.xcu") or b"").decode("utf-8", errors="replace")
    found = re.search(r'oor:name="MacroSecurityLevel"[^>]*>\s*<value>(\d)</value>', text)
    if found and int(found[1]) >= _VERY_HIGH:
        return _check(
            "macros", "warning",
            "macro security is very high: put the workbook's folder under Tools, Options, Security, Macro Security, Trusted Sources if buttons stay dead",
        )  # fmt: skip
    return _check("macros", "ok", "macro security does not stop the extension")
