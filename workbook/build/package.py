"""The last step on the file: the ribbon goes in, every date goes out, and the file appears under its name whole or not at all."""

from __future__ import annotations

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

RIBBON_PART: Final = "customUI/customUI14.xml"
_RELATION: Final = (
    b'<Relationship Id="rIdCustomUI14" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    b'Target="customUI/customUI14.xml"/></Relationships>'
)
_WORKBOOK_TYPE: Final = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE: Final = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def finish_package(workbook: bytes, ribbon: bytes, *, addin: bool = False) -> bytes:
    """Add the ribbon and write the parts with a fixed date, so that equal workbooks are equal bytes.

    What makes an add-in of a workbook with macros is its content type alone (ECMA-376 Part 1, 12.3.23; [MS-OFFMACRO2] 2.2.1).
    """
    out = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "_rels/.rels":
                part = part.replace(b"</Relationships>", _RELATION)
            if name == "[Content_Types].xml" and addin:
                part = part.replace(_WORKBOOK_TYPE, _ADDIN_TYPE)
            target.writestr(_entry(name), part)
        target.writestr(_entry(RIBBON_PART), ribbon)
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0
    entry.external_attr = 0o600 << 16
    return entry


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, then replace: a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
