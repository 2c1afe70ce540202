"""What closed workbooks need: the libraries, and a folder that can be written."""

from __future__ import annotations

import importlib
import tempfile

from xladdin.install.checks import Check
from xladdin.install.system import System
from xladdin.lean import bring_back_pandas

_LIBRARIES = ("xlwings", "lxml", "formualizer", "xlsxwriter", "pyopenvba", "numpy", "pandas", "pyarrow", "duckdb", "ibis")


def file_checks(system: System) -> list[Check]:
    """Import every library and write a file."""
    bring_back_pandas()
    missing = []
    for name in _LIBRARIES:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - a library that fails in any way is to be named
            missing.append(f"{name} ({type(error).__name__})")
    found = [
        Check("files", "libraries", "problem", f"{', '.join(missing)} cannot be loaded: install the product again")
        if missing
        else Check("files", "libraries", "ok", f"all {len(_LIBRARIES)} can be loaded by {system.python}")
    ]
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        found.append(Check("files", "temporary folder", "ok", tempfile.gettempdir()))
    except OSError as error:
        found.append(
            Check("files", "temporary folder", "problem", f"no temporary file can be written ({error.strerror or error}): free some disk space")
        )
    return found
