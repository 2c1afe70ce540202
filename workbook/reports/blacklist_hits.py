"""Which customers are on the blacklist: every pair of a customer and an entry that agree by number, by name, or by hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.blacklist_hashes import is_hash, salt_id, salted
from functions.names import alike_pairs, plain_company, plain_number

Pairs = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Hits:
    """Pairs of customer and entry (rows of their tables), whether by number and by name, and the likeness of names."""

    customers: NDArray[np.int64]
    entries: NDArray[np.int64]
    by_number: NDArray[np.bool_]
    by_name: NDArray[np.bool_]
    score: NDArray[np.float64]  # 100 for equal numbers and hashes
    hashed: NDArray[np.bool_]
    compared: int
    other_salts: tuple[str, ...]  # ids of salts that are not ours
    not_compared: int


def find_hits(customers: pa.Table, blacklist: pa.Table, cutoff: float, salt: str) -> Hits:
    """Compare all customers with all entries: numbers and hashes by equality, names by likeness."""
    names = [[name or "" for name in customers[key].to_pylist()] for key in ("name", "name_zh")]
    numbers = [plain_number(number) if number else "" for number in customers["register_no"].to_pylist()]
    listed = [name or "" for name in blacklist["name"].to_pylist()]
    listed_no = [number or "" for number in blacklist["register_no"].to_pylist()]
    ids = [one or "" for one in blacklist["salt_id"].to_pylist()]
    hashes = np.array([is_hash(name) or is_hash(number) for name, number in zip(listed, listed_no, strict=True)], dtype=np.bool_)
    mine = salt_id(salt) if salt else ""
    known = hashes & np.array([bool(mine) and one in ("", mine) for one in ids], dtype=np.bool_)
    plain = np.flatnonzero(~hashes)
    by_number = _equal(numbers, [plain_number(listed_no[row]) if listed_no[row] else "" for row in plain], plain)
    by_name = _alike(names, [listed[row] for row in plain], plain, cutoff)
    hashed = np.flatnonzero(known)
    if len(hashed):
        by_number |= _equal([salted(one, salt) if one else "" for one in numbers], [listed_no[row].lower() for row in hashed], hashed)
        for column in names:
            by_name |= _equal(
                [salted(plain_company(one), salt) if one else "" for one in column], [listed[row].lower() for row in hashed], hashed
            )
    pairs = sorted(by_number.keys() | by_name.keys())
    at = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Hits(
        at[:, 0],
        at[:, 1],
        np.array([pair in by_number for pair in pairs], dtype=np.bool_),
        np.array([pair in by_name for pair in pairs], dtype=np.bool_),
        np.array([by_name.get(pair, by_number.get(pair, 0.0)) for pair in pairs], dtype=np.float64),
        hashes[at[:, 1]],
        len(plain) + int(known.sum()),
        tuple(sorted({ids[row] for row in np.flatnonzero(hashes & ~known).tolist()} - {""})),
        int((hashes & ~known).sum()),
    )


def _equal(ours: Sequence[str], theirs: Sequence[str], rows: NDArray[np.int64]) -> Pairs:
    """Pair equal texts; blanks equal nothing."""
    places: dict[str, list[int]] = {}
    for text, row in zip(theirs, rows.tolist(), strict=True):
        if text:
            places.setdefault(text, []).append(row)
    return {(number, row): 100.0 for number, text in enumerate(ours) if text for row in places.get(text, ())}


def _alike(columns: Sequence[Sequence[str]], theirs: Sequence[str], rows: NDArray[np.int64], cutoff: float) -> Pairs:
    """Pair names that are alike; of a customer's two names the nearer one counts."""
    listed = [(place, name) for place, name in enumerate(theirs) if name]
    made: Pairs = {}
    for names in columns:
        given = [(place, name) for place, name in enumerate(names) if name]
        mine, at, scores = alike_pairs([name for _, name in given], [name for _, name in listed], cutoff) if listed else ((), (), ())
        for one, other, score in zip(mine, at, scores, strict=True):
            pair = (given[one][0], int(rows[listed[other][0]]))
            made[pair] = max(made.get(pair, 0.0), float(score))
    return made
