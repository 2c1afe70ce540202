"""What the command `contract` says of a file: the eight clauses, each with its state, its number and its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from functions.clauses import ClauseFinding, find_clauses
from workbook.contract_file import read_contract
from xladdin.counted import counted

QUOTE: Final = 240  # characters shown; the whole sentence is in the JSON
NAMES: Final[dict[str, tuple[str, str]]] = {
    "prepayment": ("Prepayment", "预付款"),
    "instalments": ("Instalments", "分期"),
    "penalty": ("Late payment penalty", "逾期违约金"),
    "dispute": ("Dispute resolution", "争议解决"),
    "governing-law": ("Governing law", "适用法律"),
    "retention-of-title": ("Retention of title", "所有权保留"),
    "acceptance": ("Acceptance", "验收"),
    "jurisdiction": ("Jurisdiction", "管辖"),
}
STATES: Final = {"present": ("present", "有"), "weak": ("weak", "弱"), "absent": ("absent", "无")}
_UNITS: Final = {
    "per day": "每日", "per month": "每月", "per year": "每年", "instalments": "期", "days": "天", "hours": "小时",
    "arbitration": "仲裁", "court": "法院", "arbitration and court": "仲裁和法院", "exclusive": "专属",
    "non-exclusive": "非专属", "times LPR": "倍LPR",
}  # fmt: skip


def shown(number: float | None, unit: str, language: str = "en") -> str:
    """Write what a clause says: 30%, 0.05% per day, 3 instalments, arbitration."""
    named = _UNITS.get(unit, unit) if language == "zh" else unit
    if number is None:
        return named
    if unit == "share":
        return f"{number:.4%}".replace("0000%", "%").replace(".%", "%")
    if unit.startswith("per "):
        share = f"{number * 100:.6f}".rstrip("0").rstrip(".")
        return f"{named}{share}%" if language == "zh" else f"{share}% {unit}"
    return f"{number:g}{named}" if language == "zh" else f"{number:g} {unit}"


def read_clauses(path: Path, language: str | None) -> tuple[list[ClauseFinding], int]:
    """Find the clauses in a file; also the number of characters read. Raises UnreadableContract."""
    text = read_contract(path)
    return find_clauses(text, language), len(text)


def lines_of(path: Path, found: list[ClauseFinding], length: int) -> list[str]:
    """Write the clauses for a person, one a line and its words below."""
    lines = []
    for one in found:
        told = shown(one.number, one.unit)
        lines.append(f"{one.state:<8}  {NAMES[one.clause][0]}{f': {told}' if told else ''}")
        if one.quote:
            lines.append(f"          {one.quote[:QUOTE]}{'…' if len(one.quote) > QUOTE else ''}")
    counts = ", ".join(f"{sum(one.state == state for one in found)} {state}" for state in ("present", "weak", "absent"))
    return [*lines, f"{path.name}: {counted(length, 'character')}, {counted(len(found), 'clause')}: {counts}"]


def data_of(found: list[ClauseFinding]) -> list[dict[str, Any]]:
    """Return the clauses for a program."""
    return [{name: getattr(one, name) for name in ClauseFinding.__slots__} for one in found]
