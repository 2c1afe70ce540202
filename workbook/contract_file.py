"""The text of a contract's file: .docx, .pdf with a text layer, or .txt.

A file is data: nothing in it is run, nothing it links to is fetched, and what is larger than any contract is refused. Each way a file can
fail has one sentence that says what to do.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from xladdin.counted import counted
from xladdin.errors import Refused

LARGEST_FILE: Final = 50 * 2**20
LARGEST_UNPACKED: Final = 200 * 2**20  # what a .docx may hold unpacked; a small file can hide gigabytes
MOST_PAGES: Final = 2_000
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
    return text[:MOST_TEXT]


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
    except zipfile.BadZipFile:
        raise UnreadableContract(f"{path.name} is broken or no .docx: open it in Word and save it again") from None
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableContract(f"{path.name} unpacks to {unpacked / 2**20:,.0f} MB, which no contract needs; it is not read")
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
        pages = [page.extract_text() for page in reader.pages] if 0 < count <= MOST_PAGES else []
    except DependencyError:
        raise UnreadableContract(f"{path.name} is encrypted in a way that cannot be read here; save it without a password") from None
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, NotImplementedError) as error:
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
