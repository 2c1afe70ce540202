"""A workbook file as what it is: a zip of parts, of which few change.

A part that nobody changed is copied with its compressed bytes, in its place, with its name and date; so the ribbon, the
VBA project, slicers and whatever a later Excel invents come out as they went in.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Final

from lxml import etree

from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

CONTENT_TYPES_PART: Final = "[Content_Types].xml"
NEW_PART_DATE: Final = (1980, 1, 1, 0, 0, 0)  # a fixed date, so that the same change gives the same bytes

# Limits against zip bombs: a part is held in memory while it is read. A million rows of 20 columns is about 1 GiB of XML.
# Deflate cannot shrink more than 1032:1, real sheets stay below 60:1.
MAX_TOTAL_BYTES: Final = 4 << 30
MAX_PART_BYTES: Final = 1 << 30
MAX_RATIO: Final = 200
RATIO_MATTERS_FROM: Final = 32 << 20
MAX_PARTS: Final = 20_000

_LOCAL_HEADER: Final = 30
_COPY_BLOCK: Final = 1 << 20
_FAST_FROM: Final = 1 << 20

Chunks = list[bytes | memoryview]


class Package:
    """The parts of an open workbook file plus the changes to them not yet saved."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._entries = {entry.filename: entry for entry in self._zip.infolist()}
            guard_size(self._zip.infolist())
        except BaseException:
            self._file.close()
            raise
        self._changed: dict[str, Chunks | None] = {}

    def close(self) -> None:
        """Let go of the file (Windows replaces no file that is open)."""
        self._zip.close()
        self._file.close()

    @property
    def closed(self) -> bool:
        """Tell whether the file was let go of."""
        return self._file.closed

    def reopen(self) -> None:
        """Take hold of the file again after `close`; unsaved changes are kept."""
        self._file = self.path.open("rb")
        self._zip = zipfile.ZipFile(self._file)

    @property
    def changed(self) -> bool:
        """Tell whether a save would write anything new."""
        return bool(self._changed)

    def names(self) -> list[str]:
        """List the parts in the file's order, new ones last, without the removed ones."""
        kept = [name for name in self._entries if self._changed.get(name, ()) is not None]
        return kept + [name for name, data in self._changed.items() if name not in self._entries and data is not None]

    def __contains__(self, name: str) -> bool:
        return self._changed[name] is not None if name in self._changed else name in self._entries

    def read(self, name: str) -> bytes:
        """Return a part as it would be saved now. Raises NotAWorkbook when it is missing or damaged."""
        if name in self._changed:
            data = self._changed[name]
            if data is None:
                raise NotAWorkbook(f"the part {name} of the workbook is missing")
            return b"".join(data)
        try:
            return self._zip.read(self._entries[name])
        except KeyError:
            raise NotAWorkbook(f"the part {name} of the workbook is missing") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise NotAWorkbook(f"the part {name} of the workbook is damaged: {error}") from None

    def head(self, name: str, size: int = 4096) -> bytes:
        """Return the first bytes of a part, without unpacking the rest."""
        changed = self._changed.get(name)
        if changed or name not in self._entries:
            return self.read(name)[:size]
        with self._zip.open(self._entries[name]) as part:
            return part.read(size)

    def write(self, name: str, data: bytes | Chunks) -> None:
        """Set a part's content; a new part comes last in the file."""
        self._changed[name] = [data] if isinstance(data, bytes) else data

    def remove(self, name: str) -> None:
        """Leave a part out of the next save."""
        if name in self._entries:
            self._changed[name] = None
        else:
            self._changed.pop(name, None)

    def save_to(self, target: IO[bytes]) -> None:
        """Write the whole workbook with its changes."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for name in self.names():
                entry = self._entries.get(name)
                data = self._changed.get(name)
                if data is None and entry is not None:
                    self._copy(entry, out)
                else:
                    _compress(name, entry, data or [], out)

    def _copy(self, entry: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
        """Copy an entry's compressed bytes under a fresh header (sizes there instead of in a trailing descriptor)."""
        copy = _like(entry)
        copy.compress_type, copy.CRC = entry.compress_type, entry.CRC
        copy.compress_size, copy.file_size = entry.compress_size, entry.file_size
        self._file.seek(entry.header_offset)
        header = self._file.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise NotAWorkbook(f"the part {entry.filename} of the workbook is damaged: its zip header is missing")
        self._file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        raw = out.fp
        if raw is None:  # pragma: no cover - a ZipFile open for writing has its file
            raise NotAWorkbook("the workbook is closed")
        copy.header_offset = raw.tell()
        raw.write(copy.FileHeader(zip64=None))
        left = entry.compress_size
        while left:
            block = self._file.read(min(left, _COPY_BLOCK))
            if not block:
                raise NotAWorkbook(f"the part {entry.filename} of the workbook is cut off")
            raw.write(block)
            left -= len(block)
        # zipfile has no public way to add an entry that is already compressed; these four are what its own close() reads
        out.filelist.append(copy)
        out.NameToInfo[copy.filename] = copy
        out.start_dir = raw.tell()
        out._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001 - see above


def _like(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Make a new entry with the name, date and attributes of an old one."""
    copy = zipfile.ZipInfo(entry.filename, entry.date_time)
    copy.external_attr, copy.internal_attr = entry.external_attr, entry.internal_attr
    copy.create_system, copy.comment = entry.create_system, entry.comment
    return copy


def _compress(name: str, entry: zipfile.ZipInfo | None, data: Chunks, out: zipfile.ZipFile) -> None:
    """Write a changed part. Large ones are compressed fast: level 1 takes a third of the time for a fifth more bytes."""
    info = _like(entry) if entry is not None else zipfile.ZipInfo(name, NEW_PART_DATE)
    size = sum(len(chunk) for chunk in data)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.file_size = size  # lets zipfile decide on zip64 before it writes the header
    # the level is public only since Python 3.13
    setattr(info, "compress_level" if hasattr(info, "compress_level") else "_compresslevel", 1 if size > _FAST_FROM else 6)
    with out.open(info, "w", force_zip64=size > zipfile.ZIP64_LIMIT * 0.95) as part:
        for chunk in data:
            part.write(chunk)


def guard_size(entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse what claims to unpack to more than any real workbook."""
    total = 0
    for count, entry in enumerate(entries, start=1):
        total += entry.file_size
        if count > MAX_PARTS:
            raise NotAWorkbook(f"the workbook is refused: it has more than {MAX_PARTS:,} parts")
        too_dense = entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        if too_dense or total > MAX_TOTAL_BYTES or entry.file_size > MAX_PART_BYTES:
            raise NotAWorkbook(f"the workbook is refused: its part {entry.filename} would unpack to {entry.file_size / 2**20:,.0f} MB")


def resolve(source: str, target: str) -> str:
    """Turn a relationship's target into a part name: ../tables/table1.xml seen from xl/worksheets/sheet1.xml."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def relationships_part(source: str) -> str:
    """Return the name of the part that holds a part's relationships."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


class Relationships:
    """The relationships of one part: id -> (type, target part)."""

    def __init__(self, package: Package, source: str) -> None:
        self._package, self._source, self._part = package, source, relationships_part(source)
        if self._part in package:
            self._root = xml.parse(package.read(self._part), self._part)
        else:
            self._root = xml.new_root("Relationships", xml.PACKAGE_RELATIONSHIP)
        self._targets: dict[str, str] | None = None  # by id; a sheet is looked up by it thousands of times

    def __iter__(self) -> Iterator[tuple[str, str, str, bool]]:
        """Yield id, last word of the type, target part (or address) and whether it is external."""
        for item in self._root.iterchildren(f"{{{xml.PACKAGE_RELATIONSHIP}}}Relationship"):
            external = item.get("TargetMode") == "External"
            target = item.get("Target", "")
            part = target if external else resolve(self._source, target)
            yield item.get("Id", ""), item.get("Type", "").rpartition("/")[2], part, external

    def of_type(self, kind: str) -> list[tuple[str, str]]:
        """List (id, target part) of one kind, such as "table"."""
        return [(key, target) for key, found, target, external in self if found == kind and not external]

    def target(self, key: str) -> str | None:
        """Return the part or address an id stands for."""
        if self._targets is None:
            self._targets = {}
            for found, _, target, _ in self:
                self._targets.setdefault(found, target)
        return self._targets.get(key)

    def add(self, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship and return its new id."""
        used = {item.get("Id") for item in self._root}
        key = next(f"rId{n}" for n in range(1, len(used) + 2) if f"rId{n}" not in used)
        item = etree.SubElement(self._root, f"{{{xml.PACKAGE_RELATIONSHIP}}}Relationship")
        item.set("Id", key)
        item.set("Type", kind if "://" in kind else f"{xml.RELATIONSHIP}/{kind}")
        item.set("Target", target if external else "/" + target)
        if external:
            item.set("TargetMode", "External")
        self._store()
        return key

    def remove(self, key: str) -> None:
        """Take a relationship out."""
        for item in list(self._root):
            if item.get("Id") == key:
                self._root.remove(item)
                self._store()

    def _store(self) -> None:
        self._targets = None
        self._package.write(self._part, xml.serialise(self._root))


def set_content_type(package: Package, part: str, content_type: str | None) -> None:
    """Declare what a part is, or forget it with None."""
    root = xml.parse(package.read(CONTENT_TYPES_PART), CONTENT_TYPES_PART)
    name = "/" + part
    for item in root.findall(f"{{{xml.CONTENT_TYPES}}}Override"):
        if item.get("PartName") == name:
            root.remove(item)
    if content_type is not None:
        etree.SubElement(root, f"{{{xml.CONTENT_TYPES}}}Override", {"PartName": name, "ContentType": content_type})
    package.write(CONTENT_TYPES_PART, xml.serialise(root))


def remove_with_dependents(package: Package, part: str) -> None:
    """Remove a part and those that only it refers to, such as a sheet's drawings, notes and tables."""
    targets = [target for _, _, target, external in Relationships(package, part) if not external]
    for name in (part, relationships_part(part)):
        package.remove(name)
        set_content_type(package, name, None)
    for target in targets:
        sources = [name.replace("_rels/", "").removesuffix(".rels") for name in package.names() if name.endswith(".rels")]
        used = any(target == other for source in sources for _, _, other, _ in Relationships(package, source))
        if target in package and not used:
            remove_with_dependents(package, target)


def content_types(package: Package) -> Callable[[str], str]:
    """Return what tells what a part is declared to be: its own override, else its extension's default."""
    root = xml.parse(package.read(CONTENT_TYPES_PART), CONTENT_TYPES_PART)
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    for item in root.iterfind(f"{{{xml.CONTENT_TYPES}}}Override"):
        own.setdefault(item.get("PartName") or "", item.get("ContentType") or "")
    for item in root.iterfind(f"{{{xml.CONTENT_TYPES}}}Default"):
        others.setdefault((item.get("Extension") or "").lower(), item.get("ContentType") or "")
    return lambda part: own["/" + part] if "/" + part in own else others.get(part.rpartition(".")[2].lower(), "")


def content_type(package: Package, part: str) -> str:
    """Return what a part is declared to be."""
    return content_types(package)(part)


def new_part_name(package: Package, pattern: str) -> str:
    """Return the first free name such as xl/worksheets/sheet7.xml for the pattern xl/worksheets/sheet{}.xml."""
    taken = {name.lower() for name in package.names()}
    stem = re.escape(pattern).replace(r"\{\}", r"(\d+)")
    highest = max((int(found[1]) for name in taken if (found := re.fullmatch(stem, name, re.IGNORECASE))), default=0)
    return pattern.format(highest + 1)
