"""Structural checks."""

from __future__ import annotations

import os


def check_file(path: str | os.PathLike[str]) -> list[str]:
    return []
