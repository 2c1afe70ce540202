"""Credit.oxt from the registry: a zip of texts, the same bytes for the same functions.

No SDK is needed: LibreOffice reads the interface from its plain text, and the names, helps and argument texts of the function wizard
from CalcAddIns.xcu.
"""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from xladdin import __version__
from xladdin.errors import BadRequest, CannotWrite
from xladdin.hosts.libreoffice.extension import guard
from xladdin.hosts.libreoffice.extension.names import ADDIN, IDENTIFIER, INTERFACE, JOB, RUNNER, parameter
from xladdin.registry import Arg, Function, functions

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OOR: Final = (
    'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:package="org.openoffice.Office"'
)
_COMPONENT: Final = Path(__file__).parent / "component" / "credit.py"
_MEDIA: Final = {
    "XCredit.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
    "Jobs.xcu": "application/vnd.sun.star.configuration-data",
    "Events.xcu": "application/vnd.sun.star.configuration-data",
    f"{guard.LIBRARY}/": "application/vnd.sun.star.basic-library",
    "credit.components": "application/vnd.sun.star.uno-components",
}


@dataclass(frozen=True, slots=True)
class Product:
    """Where the extension finds the product: folders to import from, and the Python they were installed for."""

    paths: tuple[str, ...] = ()
    python: str = ""


def this_product() -> Product:
    """Return the product that is running now."""
    import numpy as np  # noqa: PLC0415 - found for its place: where the dependencies are

    paths = (str(Path(__file__).resolve().parents[4]), str(Path(np.__file__).parent.parent))
    return Product(tuple(dict.fromkeys(paths)), f"{sys.version_info.major}.{sys.version_info.minor}")


def build_extension(path: Path, product: Product | None = None) -> Path:
    """Write the extension for a product, this one unless stated; a `Product()` without paths is looked for in XLADDIN_PATH."""
    if path.suffix.lower() != ".oxt":
        raise BadRequest(f"a LibreOffice extension has a name that ends with .oxt; got {path.name}")
    parts = extension_parts(product or this_product())
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name in sorted(parts):
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                package.writestr(entry, parts[name].encode(), zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror or error}") from None
    return path


def extension_parts(product: Product) -> dict[str, str]:
    """Return the files of the extension by name."""
    table = functions()
    facts = {
        "version": __version__, "paths": list(product.paths), "python": product.python, "functions": list(table),
        "interface": INTERFACE, "addin": ADDIN, "job": JOB, "runner": RUNNER,
    }  # fmt: skip
    return {
        "XCredit.idl": _idl(table),
        "CalcAddIns.xcu": _wizard(table),
        "Jobs.xcu": _jobs(),
        "credit.components": _components(),
        "credit.json": json.dumps(facts, indent=1, ensure_ascii=False) + "\n",
        "credit.py": _COMPONENT.read_text(encoding="utf-8"),
        "description.xml": _description(),
        "META-INF/manifest.xml": _manifest(),
        **guard.parts(product.python),
    }


def _idl(table: dict[str, Function]) -> str:
    """Write the interface: the method has the function's name in cells, every argument may hold anything or be left out."""
    lines = [f"    any {name}({', '.join(map(_parameter, spec.args))});" for name, spec in table.items()]
    return "\n".join(["module org { module xladdin {", "interface XCredit : com::sun::star::uno::XInterface {", *lines, "};", "}; };", ""])


def _parameter(arg: Arg) -> str:
    """Only a cell range itself, not its values, reaches a function although it holds an error: CREDITWHY asks about such cells."""
    kind = "com::sun::star::table::XCellRange" if arg.kind == "reference" else "any"
    return f"[in] {kind} {parameter(arg.name)}"


def _wizard(table: dict[str, Function]) -> str:
    lines = [_HEAD + f'<oor:component-data {_OOR} oor:name="CalcAddIns"><node oor:name="AddInInfo">']
    lines.append(f'<node oor:name="{ADDIN}" oor:op="replace"><node oor:name="AddInFunctions">')
    for name, spec in table.items():
        lines.append(f'<node oor:name="{name}" oor:op="replace">{_texts("DisplayName", name, name)}')
        lines.append(_texts("Description", spec.help, spec.help_zh))
        lines.append('<prop oor:name="Category"><value>Add-In</value></prop>')
        lines.append(f'<prop oor:name="CompatibilityName"><value xml:lang="en">{name}</value></prop><node oor:name="Parameters">')
        lines += [
            f'<node oor:name="{parameter(arg.name)}" oor:op="replace">{_texts("DisplayName", arg.name, arg.name)}'
            f"{_texts('Description', arg.text, arg.text_zh)}</node>"
            for arg in spec.args
        ]
        lines.append("</node></node>")
    lines.append("</node></node></node></oor:component-data>\n")
    return "\n".join(lines)


def _texts(prop: str, english: str, chinese: str) -> str:
    values = "".join(f'<value xml:lang="{tag}">{escape(text)}</value>' for tag, text in (("en", english), ("zh-CN", chinese)))
    return f'<prop oor:name="{prop}">{values}</prop>'


def _jobs() -> str:
    return (
        _HEAD + f'<oor:component-data {_OOR} oor:name="Jobs">\n'
        '<node oor:name="Jobs"><node oor:name="CreditLoad" oor:op="replace">'
        f'<prop oor:name="Service"><value>{JOB}</value></prop></node></node>\n'
        '<node oor:name="Events"><node oor:name="onDocumentAdded" oor:op="fuse"><node oor:name="JobList">'
        '<node oor:name="CreditLoad" oor:op="replace"/></node></node></node>\n</oor:component-data>\n'
    )


def _components() -> str:
    services = {ADDIN: (ADDIN,), JOB: (JOB, "com.sun.star.task.Job"), RUNNER: (RUNNER,)}
    lines = [
        f'<implementation name="{name}">' + "".join(f'<service name="{one}"/>' for one in offered) + "</implementation>"
        for name, offered in services.items()
    ]
    return (
        _HEAD + '<components xmlns="http://openoffice.org/2010/uno-components">\n'
        '<component loader="com.sun.star.loader.Python" uri="credit.py">\n' + "\n".join(lines) + "\n</component>\n</components>\n"
    )


def _description() -> str:
    return (
        _HEAD + '<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink">\n'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/>\n'
        '<dependencies xmlns:l="http://libreoffice.org/extensions/description/2011">'
        '<l:LibreOffice-minimal-version value="7.0" name="LibreOffice 7.0"/></dependencies>\n'
        '<display-name><name lang="en">Credit functions and reports</name><name lang="zh-CN">信用函数与报表</name></display-name>\n'
        "</description>\n"
    )


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:media-type="{escape(kind)}" manifest:full-path="{name}"/>\n' for name, kind in _MEDIA.items()
    )
    return _HEAD + f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'
