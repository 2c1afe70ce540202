"""Loaded by LibreOffice from the installed extension: the functions, the load job and the Runner, each a few lines.

It runs in LibreOffice's Python, finds the product's environment (XLADDIN_PATH, else the paths that the installer wrote beside this
file) and hands everything over. Where that fails, cells show #NAME?, the buttons say why, and LibreOffice goes on.
"""

import json
import logging
import os
import struct
import sys
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

uno: Any = import_module("uno")
unohelper: Any = import_module("unohelper")

FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "credit.json").read_text(encoding="utf-8"))
log = logging.getLogger("xladdin.libreoffice")


class _WithoutCells(logging.Formatter):
    """Where something failed, but no message of the exception: it could quote a cell."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        lines, step = [ei[0].__name__], ei[2]
        while step is not None:
            lines.append(f"  {step.tb_frame.f_code.co_filename}:{step.tb_lineno}")
            step = step.tb_next
        return "\n".join(lines)


def _start_log() -> None:
    """Write a log of what went wrong; a folder that cannot be written costs the log only."""
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    path = Path(os.environ.get("XLADDIN_LOG") or Path(base) / "xladdin" / "libreoffice.log")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(_WithoutCells("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger("xladdin")
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _find_product() -> str:
    """Make the product importable; answers what is wrong, or an empty text."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted = os.environ.get("XLADDIN_PATH")
    paths = wanted.split(os.pathsep) if wanted else FACTS["paths"]
    if not paths:
        return "the extension does not know where the product is: install it again with xladdin build --libreoffice, or set XLADDIN_PATH"
    if not wanted and FACTS["python"] != here:
        return f"LibreOffice runs Python {here}, the product is installed for {FACTS['python']}: install the product with Python {here}"
    for path in reversed(paths):
        if path not in sys.path:
            sys.path.insert(0, path)
    try:
        version = import_module("xladdin").__version__
        if version == FACTS["version"]:
            import_module("xladdin.hosts.libreoffice.extension.serve")
    except Exception as error:
        log.exception("the product cannot be loaded")
        return f"the product cannot be loaded from {', '.join(paths)}: {type(error).__name__}"
    if version != FACTS["version"]:
        return f"the extension is version {FACTS['version']}, the product is {version}: build and install the extension again"
    return ""


_start_log()
PROBLEM = _find_product()
if PROBLEM:
    log.error("%s", PROBLEM)


def _methods() -> dict[str, Any]:
    if PROBLEM:
        name_error = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | 525))[0]  # 525 is Calc's #NAME?
        return {name: lambda _self, *_args: name_error for name in FACTS["functions"]}
    return dict(import_module("xladdin.hosts.libreoffice.extension.serve").methods())


def _info(implementation: str, services: tuple[str, ...]) -> dict[str, Any]:
    return {
        "getImplementationName": lambda _self: implementation,
        "supportsService": lambda _self, name: name in services,
        "getSupportedServiceNames": lambda _self: services,
    }


def _class(implementation: str, services: tuple[str, ...], interfaces: tuple[str, ...], members: dict[str, Any]) -> Any:
    bases = tuple(uno.getClass(name) for name in ("com.sun.star.lang.XServiceInfo", *interfaces))
    return type(implementation.rsplit(".", 1)[-1], (unohelper.Base, *bases), {**members, **_info(implementation, services)})


def _init(self: Any, context: Any, *_args: Any) -> None:
    self.context = context
    self.locale = uno.createUnoStruct("com.sun.star.lang.Locale")


def _set_locale(self: Any, locale: Any) -> None:
    self.locale = locale


def _load(self: Any, arguments: Any) -> None:
    """Bind the formulas and buttons of a document that was just opened."""
    if not PROBLEM:
        import_module("xladdin.hosts.libreoffice.extension.load_job").execute(self.context, arguments)


def _run(self: Any, arguments: Any) -> Any:
    """Run a task on a document: execute((NamedValue("document", …), NamedValue("task", "aging")))."""
    return PROBLEM or import_module("xladdin.hosts.libreoffice.extension.runner").execute(self.context, arguments)


ADDIN, JOB, RUNNER = FACTS["addin"], FACTS["job"], FACTS["runner"]
Addin = _class(
    ADDIN,
    (ADDIN,),
    (FACTS["interface"], "com.sun.star.lang.XLocalizable", "com.sun.star.lang.XServiceName"),
    {
        "__init__": _init,
        "setLocale": _set_locale,
        "getLocale": lambda self: self.locale,
        "getServiceName": lambda _self: ADDIN,
        **_methods(),
    },
)
LoadJob = _class(JOB, (JOB, "com.sun.star.task.Job"), ("com.sun.star.task.XJob",), {"__init__": _init, "execute": _load})
Runner = _class(RUNNER, (RUNNER,), ("com.sun.star.task.XJob",), {"__init__": _init, "execute": _run})

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the name that LibreOffice's loader looks for
g_ImplementationHelper.addImplementation(Addin, ADDIN, (ADDIN,))
g_ImplementationHelper.addImplementation(LoadJob, JOB, (JOB, "com.sun.star.task.Job"))
g_ImplementationHelper.addImplementation(Runner, RUNNER, (RUNNER,))
