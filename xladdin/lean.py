"""What a command does without.

pandas takes a third of a second to import, as long as many commands take, and nothing here is a DataFrame; but xlwings and Arrow import it
wherever it is installed, only to know one when they meet it. So a command leaves it out of its process, and brings it back for the few
things that need it. Who uses the engines of xlwings in a program of his own has it as ever.
"""

from __future__ import annotations

import gc
import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _LeftOut(MetaPathFinder):
    """Says that pandas is not installed."""

    def find_spec(self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas was left out of this command", name=fullname)
        return None


_left_out = _LeftOut()


def leave_out_pandas() -> None:
    """Let every import of pandas fail from here on, unless it was imported already."""
    if "pandas" not in sys.modules and _left_out not in sys.meta_path:
        sys.meta_path.insert(0, _left_out)


def bring_back_pandas() -> None:
    """Let pandas be imported again."""
    if _left_out in sys.meta_path:
        sys.meta_path.remove(_left_out)


def collect_rarely() -> None:
    """Look for objects that only refer to each other less often: a command makes few of them, and millions of others that are looked at."""
    gc.set_threshold(50_000, 20, 100)
