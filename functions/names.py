"""Names of companies: how alike two are once legal forms, width, case and punctuation are gone, and who is on a blacklist.

Traditional and simplified characters are told apart: no library of a fitting licence that joins them is part of the product.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.blacklist_hashes import is_hash, salted
from xladdin.cells import is_blank
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Texts = NDArray[np.object_]
Numbers = NDArray[np.float64]
CUTOFF: Final = 85.0  # house rule
_CHUNK: Final = 512  # rows compared at once: the table of likenesses stays small
_FORMS_ZH: Final = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|股份公司|责任公司|集团公司|公司)\Z")
_FORMS: Final = frozenset({
    "co", "company", "corp", "corporation", "inc", "incorporated", "limited", "ltd", "llc", "llp", "lp", "plc", "pte", "pty", "gmbh", "ag",
    "kg", "kgaa", "ohg", "ug", "mbh", "sa", "sas", "sarl", "srl", "spa",
    "bv", "nv", "oy", "ab", "as", "aps", "kk", "sl", "bhd", "sdn",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def plain_company(name: str) -> str:
    """Write a company's name without legal form, punctuation, width and case; a name of nothing but legal forms stays whole."""
    bare = re.sub(r"[.'’`]", "", unicodedata.normalize("NFKC", name).casefold())
    words = re.sub(r"[^\w]+|_", " ", bare).split()
    kept = [word for word in words if word not in _FORMS] or words
    joined = " ".join(kept)
    return _FORMS_ZH.sub("", joined).strip() or joined


def likenesses(names: Sequence[str], known: Sequence[str]) -> tuple[Numbers, NDArray[np.int64]]:
    """Return each name's best likeness in a list, 0 to 100, and which one it is: the better of words as they stand and sorted."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - sheets without names need not wait for it

    plain_known = [plain_company(one) for one in known]
    sorted_known = [" ".join(sorted(one.split())) for one in plain_known]
    distinct = sorted(set(names))
    best, where = np.zeros(len(distinct)), np.zeros(len(distinct), dtype=np.int64)
    for start in range(0, len(distinct), _CHUNK):
        part = [plain_company(one) for one in distinct[start : start + _CHUNK]]
        table = process.cdist(part, plain_known, scorer=fuzz.ratio, dtype=np.float64)
        table = np.maximum(
            table, process.cdist([" ".join(sorted(one.split())) for one in part], sorted_known, scorer=fuzz.ratio, dtype=np.float64)
        )
        at = table.argmax(axis=1)
        where[start : start + len(part)], best[start : start + len(part)] = at, table[np.arange(len(part)), at]
    index = {name: number for number, name in enumerate(distinct)}
    rows = [index[name] for name in names]
    return best[rows], where[rows]


def alike_pairs(names: Sequence[str], known: Sequence[str], cutoff: float) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    """Return all pairs of a name and a listed one that are alike to at least the cutoff (above 0): their places, and the likeness."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - sheets without names need not wait for it

    plain_known = [plain_company(one) for one in known]
    sorted_known = [" ".join(sorted(one.split())) for one in plain_known]
    rows, places, scores = [], [], []
    for start in range(0, len(names), _CHUNK):
        part = [plain_company(one) for one in names[start : start + _CHUNK]]
        turned = [" ".join(sorted(one.split())) for one in part]
        table = process.cdist(part, plain_known, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32, workers=-1)
        table = np.maximum(
            table, process.cdist(turned, sorted_known, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32, workers=-1)
        )
        row, place = np.nonzero(table)
        rows.append(row + start)
        places.append(place)
        scores.append(table[row, place].astype(np.float64))
    if not rows:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    return np.concatenate(rows), np.concatenate(places), np.concatenate(scores)


NAME = Arg("name", "text", "Name of a company, or a column.", "企业名称，可为一列。", shape="column")
LIST = Arg("list", "text", "Names to look among.", "待比对名单。", shape="range", blank="blank")
SOURCE: Final = "Likeness: Indel ratio (longest common subsequence) of names without legal forms; the cutoff of 85 is a house rule."


def _listed(names: Texts) -> list[str]:
    if not len(names):
        raise InvalidValue("list holds no name")
    return [str(name) for name in names.tolist()]


@function(
    category="Payment plans, names, money",
    help_zh="名称相似度0-100：忽略公司形式、全半角、大小写与标点。",
    args=(NAME, LIST),
    result="number",
    source=SOURCE,
    errors=(InvalidValue,),
    examples=(Example(("ACME Co., Ltd.", [["Acme GmbH"], ["Other Inc"]]), 100, "Legal forms do not count.", "公司形式不计。"),),
)
def name_score(name: Texts, list: Texts) -> Numbers:  # noqa: A002 - the argument's name in cells
    """Likeness of a name to the nearest in a list: 0 to 100.

    `name`: n texts; `list`: m names, blanks do not count. Answers n numbers.
    """
    return likenesses(name.tolist(), _listed(list))[0]


def check_cutoff(cutoff: float) -> None:
    """Refuse a percentage typed as a fraction. Raises OutOfRange: 0.85 would take any two names for alike."""
    if 0 < cutoff < 1:
        raise OutOfRange(f"cutoff is 0 to 100, 85 for 85%; got {cutoff:g}")


@function(
    category="Payment plans, names, money",
    help_zh="名单中最相似的名称；相似度低于阈值（默认85）返回 #N/A。",
    args=(NAME, LIST, Arg("cutoff", "number", "Least likeness.", "最低相似度。", default=CUTOFF, minimum=0, maximum=100)),
    result="text",
    source=SOURCE,
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example(("北京华信贸易有限公司", [["上海华信"], ["北京华信贸易"]]), "北京华信贸易", "Without the legal form.", "去除公司形式。"),
    ),
)
def name_match(name: Texts, list: Texts, cutoff: float = CUTOFF) -> Rows:  # noqa: A002 - the argument's name in cells
    """Name in a list that is most like a given one; the first of several equally alike.

    `name`: n texts; `list`: m names; `cutoff`: 0 to 100. Answers n names. NotAvailable naming the best likeness when it is below.
    """
    check_cutoff(cutoff)
    known = _listed(list)
    best, where = likenesses(name.tolist(), known)
    found = np.array(known, dtype=object)[where]
    return Rows(found).fail(
        best < cutoff, lambda row: NotAvailable(f"no name reaches {cutoff:g}; the nearest is {found[row]} with {best[row]:.0f}")
    )


def plain_number(number: Any) -> str:
    """Write a register number without spaces and punctuation, in capitals."""
    whole = int(number) if isinstance(number, float) and number.is_integer() else number
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(whole))).upper()


@function(
    category="Payment plans, names, money",
    help_zh="是否在黑名单：先比号码，再比名称；支持加盐哈希名单。",
    args=(
        Arg("name", "text", "Name of the company.", "企业名称。", shape="column", blank="missing"),
        Arg("number", "text", "Its register number.", "登记号。", shape="column", blank="missing"),
        Arg("list", "any", "Rows of name, number: plain or hashed.", "名单：名称、号码，明文或哈希。", shape="range"),
        Arg("cutoff", "number", "Least likeness of names.", "名称最低相似度。", default=CUTOFF, minimum=0, maximum=100),
        Arg("salt", "text", "Salt of a hashed list.", "哈希名单的盐值。", default="", blank="missing"),
    ),
    result="boolean",
    source="House rule: number first, then name; a hashed list holds HMAC-SHA256 of the plain name or number, keyed by scrypt of the salt.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(("Other Name", "9111 0000", [["Acme GmbH", "91110000"]]), True, "The number is listed.", "号码在名单中。"),
        Example(("Acme Ltd", None, [["Acme GmbH", "91110000"]]), True, "The name is listed.", "名称在名单中。"),
    ),
)
def blacklisted(name: Texts, number: Texts, list: Sequence[Sequence[Any]], cutoff: float = CUTOFF, salt: str = "") -> Rows:  # noqa: A002
    """Whether a company is on a blacklist, by number first, then by name; the remark says by which.

    `name`, `number`: n texts, blanks missing; `list`: rows of name, number; `cutoff`: 0 to 100; `salt`: that of a hashed list, whose
    names must be the same once legal forms are gone. Answers n truth values.
    """
    check_cutoff(cutoff)
    rows = [row for row in list if not all(map(is_blank, row))]
    names = [str(row[0]) for row in rows if not is_blank(row[0])]
    known = {plain_number(row[1]) for row in rows if len(row) > 1 and not is_blank(row[1])}
    known |= {one.upper() for one in names if is_hash(one)}  # a list of hashes has one column
    hashes = {one for one in known if is_hash(one)}
    numbers = [plain_number(one) if one else "" for one in number.tolist()]
    given = [one or "" for one in name.tolist()]
    by_number = np.array([bool(one) and (one in known or _listed_hash(one, salt, hashes)) for one in numbers], dtype=np.bool_)
    hashed = np.array([bool(one) and _listed_hash(plain_company(one), salt, hashes) for one in given], dtype=np.bool_)
    best, where = likenesses(given, names) if names else (np.full(len(given), -1.0), np.zeros(len(given), dtype=np.int64))
    by_name = (best >= cutoff) & np.array([bool(one) for one in given], dtype=np.bool_)
    made = Rows(by_number | hashed | by_name).remark(by_number, "the number is listed")
    made.remark(hashed & ~by_number, "the name is listed (hashed)")
    return made.remark(by_name & ~by_number & ~hashed, lambda row: f"like {names[where[row]]} ({best[row]:.0f})")


def _listed_hash(text: str, salt: str, hashes: set[str]) -> bool:
    """Tell whether a normalised name or number is among hashes, which are in capitals."""
    return bool(hashes) and salted(text, salt).upper() in hashes
