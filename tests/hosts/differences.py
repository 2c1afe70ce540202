"""What a host does not do: declared beside the test, with a reason, and failing as soon as the host does it after all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

State = Literal["not implemented", "not yet", "never"]
STATES = ("not implemented", "not yet", "never")


def differs(host: str, state: State, reason: str) -> Callable[[Any], Any]:
    """Say that a test fails on a host. "not implemented": we have not written it; "not yet": the host's version lacks it; "never": by nature."""
    if state not in STATES:
        raise ValueError(f"a state is one of {', '.join(STATES)}; got {state!r}")
    if len(reason) < 15:
        raise ValueError("a difference needs a reason that a user understands")

    def mark(test: Any) -> Any:
        test.differences = {**getattr(test, "differences", {}), host: (state, reason)}
        return test

    return mark
