"""The text of a contract's file: .docx, .pdf with a text layer, or .txt.

A file is data: nothing in it is run, nothing it links to is fetched, and what is larger than any contract is refused. Each way a file can
fail has one sentence that says what to do.
"""

from __future__ import annotations

import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from xladdin.counted import counted
from xladdin.errors import Refused

LARGEST_FILE: Final = 50 * 2**20
LARGEST_UNPACKED: Final = 200 * 2**20  # what a .docx may hold unpacked, pictures and all; a small file can hide gigabytes
LARGEST_WORDS: Final = 32 * 2**20  # of these the words; each MB takes ten while it is read
MOST_PARAGRAPHS: Final = 50_000  # with runs, cells and rows of tables; a contract of 500 pages has 20,000
MOST_PAGES: Final = 2_000
SECONDS: Final = 25  # for the pages of a PDF; a page of a contract takes a hundredth
LARGEST_PAGE: Final = 8 * 2**20  # of the drawing of one page, unpacked
MOST_TEXT: Final = 5_000_000  # characters
_OLE: Final = b"\xd0\xcf\x11\xe0"  # what Word makes of a .docx with a password, and its old .doc
_HAN: Final = "一-鿿"
#: a line of a PDF ends where the paper ends: Chinese goes on without a space, unless the next line begins a clause of its own
_CLAUSE_START: Final = r"第[一二三四五六七八九十百]+[条章]|\d+[.、．]|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）"
_BROKEN_LINE: Final = re.compile(
    rf"(?<=[{_HAN}，、0-9（）])[ \t]*\n[ \t]*(?=[{_HAN}0-9％%，。、（）])(?!{_CLAUSE_START})"
)


class UnreadableContract(Refused):
    """The file of a contract gives no text: unknown kind, broken, with a password, or a scan."""


def read_contract(path: Path) -> str:
    """Return the text of a contract's file. Raises UnreadableContract saying why there is none."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableContract(f"{path.name}: a contract is read from {', '.join(READERS)}; save it as one of them")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableContract(f"{path.name} is not a file")
    except (OSError, ValueError) as error:
        raise UnreadableContract(f"{path.name}: {_why(error)}") from None
    if not size:
        raise UnreadableContract(f"{path.name} is empty")
    if size > LARGEST_FILE:
        raise UnreadableContract(f"{path.name} has {size / 2**20:,.0f} MB; a contract of more than {LARGEST_FILE // 2**20} MB is not read")
    try:
        text = reader(path)
    except OSError as error:
        raise UnreadableContract(f"{path.name}: {_why(error)}") from None
    if len(text) > MOST_TEXT:
        raise UnreadableContract(f"{path.name} holds {len(text):,} characters; a contract of more than {MOST_TEXT:,} is not read")
    return text


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "may not be read by you"
    return getattr(error, "strerror", None) or str(error)


def _docx(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise UnreadableContract(
                f"{path.name} has a password or is an old .doc; open it in Word and save it as .docx without a password"
            )
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            words = max((part.file_size for part in parts.infolist() if part.filename.endswith((".xml", ".rels"))), default=0)
            if unpacked > LARGEST_UNPACKED or words > LARGEST_WORDS:
                raise UnreadableContract(f"{path.name} unpacks to {unpacked / 2**20:,.0f} MB, which no contract needs; it is not read")
            _refuse_many(path.name, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise UnreadableContract(f"{path.name} is broken or no .docx: open it in Word and save it again") from None
    import docx  # noqa: PLC0415 - half a second that other commands need not spend

    try:
        document = docx.Document(str(path))
        lines = list(_docx_lines(document))
    except Exception as error:  # noqa: BLE001 - python-docx raises KeyError, ValueError and whatever lxml raises
        raise UnreadableContract(
            f"{path.name} is broken or no .docx ({type(error).__name__}): open it in Word and save it again"
        ) from None
    text = "\n".join(lines)
    if not text.strip():
        raise UnreadableContract(f"{path.name} holds no text; if it holds pictures of pages, run text recognition (OCR) over them first")
    return text


def _refuse_many(name: str, parts: zipfile.ZipFile) -> None:
    """Refuse words in more paragraphs than any contract has, before one of them is read, and a document type of its own."""
    for part in parts.namelist():
        if part.startswith("word/") and part.endswith(".xml"):
            words = parts.read(part)
            if b"<!DOCTYPE" in words or b"<!ENTITY" in words:
                raise UnreadableContract(f"{name} brings a document type of its own, which no program for letters writes; it is not read")
            count = sum(words.count(mark) for mark in (b"<w:p>", b"<w:p ", b"<w:p/", b"<w:tc>", b"<w:tc ", b"<w:tr>", b"<w:tr "))
            if count > MOST_PARAGRAPHS or words.count(b"<") > 40 * MOST_PARAGRAPHS:
                raise UnreadableContract(f"{name} has {count:,} paragraphs and cells, which no contract needs; it is not read")


def _docx_lines(holder: Any) -> Iterator[str]:
    """Read paragraphs and tables in their order; a row of a table is one line. Deleted text of tracked changes is not there."""
    for item in holder.iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                cells = dict.fromkeys(cell._tc for cell in row.cells)  # noqa: SLF001 - a merged cell comes once a column
                yield " ".join("".join(node.text or "" for node in cell.iter() if node.tag.endswith("}t")) for cell in cells)
        else:
            yield item.text


def _pdf(path: Path) -> str:
    import pypdf  # noqa: PLC0415
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    try:
        reader = pypdf.PdfReader(path)
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
        pages = list(_pages(path.name, reader)) if 0 < count <= MOST_PAGES else []
    except DependencyError:
        raise UnreadableContract(f"{path.name} is encrypted in a way that cannot be read here; save it without a password") from None
    except UnreadableContract:
        raise
    except MemoryError:
        raise UnreadableContract(f"{path.name} needs more memory than there is; print it to PDF again") from None
    except (PyPdfError, zlib.error, RuntimeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise UnreadableContract(f"{path.name} is broken or no PDF ({type(error).__name__}); print it to PDF again") from None
    if locked:
        raise UnreadableContract(f"{path.name} has a password; save it without one")
    if count > MOST_PAGES:
        raise UnreadableContract(f"{path.name} has {count:,} pages; a contract of more than {MOST_PAGES:,} is not read")
    text = "\n".join(pages)
    if not text.strip():
        empty = counted(len(pages), "page holds", "pages hold")
        raise UnreadableContract(f"{path.name} is a scan: its {empty} no text; run text recognition (OCR) over it first")
    return _BROKEN_LINE.sub("", text)


def _pages(name: str, reader: Any) -> Iterator[str]:
    """Read the pages one by one. Raises UnreadableContract when they take longer, or hold more, than those of any contract."""
    until, length = time.monotonic() + SECONDS, 0

    def watch(*_: Any) -> None:
        if time.monotonic() > until:
            raise UnreadableContract(f"{name} takes longer to read than {SECONDS} s")

    for number, page in enumerate(reader.pages, start=1):
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > LARGEST_PAGE:
            raise UnreadableContract(f"{name}: page {number} holds more than {LARGEST_PAGE >> 20} MB of drawing; it is not read")
        text = page.extract_text(visitor_operand_before=watch)
        length += len(text)
        yield text
        if length > MOST_TEXT or time.monotonic() > until:
            raise UnreadableContract(f"{name} holds more text than a contract, or takes longer to read than {SECONDS} s")


def _txt(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in raw:
        raise UnreadableContract(f"{path.name} is no text file")
    else:
        encodings = ("utf-8-sig", "gb18030", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise UnreadableContract(f"{path.name} holds no text")
        return text
    raise UnreadableContract(f"{path.name} is in no encoding known here; save it as UTF-8")


READERS: Final[dict[str, Callable[[Path], str]]] = {".docx": _docx, ".pdf": _pdf, ".txt": _txt}
