"""The streams of a compound file, the container of old Excel files: Microsoft's [MS-CFB], section 2."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from xladdin.errors import NotAWorkbook

_HEADER: Final = 512
_LAST_SECTOR: Final = 0xFFFFFFFA  # higher numbers mean the end of a chain, or no sector
_ENTRY: Final = 128


def streams(data: bytes) -> dict[str, bytes]:
    """Return the streams of the root folder by name. Raises NotAWorkbook for a damaged container."""
    if len(data) < _HEADER:
        raise NotAWorkbook("the container is cut off")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    (directory,) = struct.unpack_from("<I", data, 48)
    cutoff, mini_start = struct.unpack_from("<II", data, 56)
    if shift not in (9, 12) or mini_shift != 6:
        raise NotAWorkbook("the container is damaged")
    size = 1 << shift
    table = _table(data, size)
    folder = _chain(data, table, directory, size, len(data))
    entries = [folder[at : at + _ENTRY] for at in range(0, len(folder) - _ENTRY + 1, _ENTRY)]
    if not entries:
        raise NotAWorkbook("the container is empty")
    root_start, root_size = _place(entries[0])
    mini = _chain(data, table, root_start, size, root_size)
    mini_table = _numbers(_chain(data, table, mini_start, size, len(data)))
    found: dict[str, bytes] = {}
    for entry in entries[1:]:
        if entry[66] == 2:  # a stream
            name = entry[: max(min(struct.unpack_from("<H", entry, 64)[0], 64) - 2, 0)].decode("utf-16-le", "replace")
            start, length = _place(entry)
            if length < cutoff:
                found.setdefault(name, _chain(mini, mini_table, start, 1 << mini_shift, length, 0))
            else:
                found.setdefault(name, _chain(data, table, start, size, length))
    return found


def _place(entry: bytes) -> tuple[int, int]:
    start, length = struct.unpack_from("<II", entry, 116)
    return start, length


def _table(data: bytes, size: int) -> list[int]:
    """Return the table of sectors: for each the one that follows."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    (following,) = struct.unpack_from("<I", data, 68)
    seen = 0
    while following < _LAST_SECTOR and seen * size < len(data):
        block = _sector(data, following, size)
        *more, following = _numbers(block)
        sectors += more
        seen += 1
    table: list[int] = []
    for sector in sectors:
        if sector < _LAST_SECTOR:
            table += _numbers(_sector(data, sector, size))
            if len(table) > len(data) // size + size:
                break
    return table


def _sector(data: bytes, number: int, size: int, offset: int = _HEADER) -> bytes:
    at = (number + 1) * size if offset else number * size
    block = data[at : at + size]
    if not block:
        raise NotAWorkbook("the container is cut off")
    return block


def _numbers(block: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))


def _chain(data: bytes, table: list[int], start: int, size: int, length: int, offset: int = _HEADER) -> bytes:
    return b"".join(_pieces(data, table, start, size, length, offset))[:length]


def _pieces(data: bytes, table: list[int], start: int, size: int, length: int, offset: int) -> Iterator[bytes]:
    """Follow a chain of sectors, as far as its length and no further than the file."""
    sector, left = start, min(length, len(data) + size)
    while sector < _LAST_SECTOR and left > 0:
        yield _sector(data, sector, size, offset)
        left -= size
        if sector >= len(table):
            raise NotAWorkbook("the container is damaged: a chain leads out of it")
        sector = table[sector]
