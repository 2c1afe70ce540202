"""Commands on the functions: call one, list all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from xladdin.cells import shown_digits
from xladdin.errors import BadRequest


def call_function(name: str, words: Sequence[str]) -> dict[str, Any]:
    """Call one function with arguments from the shell."""
    from xladdin.call import find, invoke  # noqa: PLC0415

    spec = find(name)
    known = {arg.name for arg in spec.args}
    args: list[Any] = []
    named: dict[str, Any] = {}
    for text in words:
        key, equals, value = text.partition("=")
        if equals and key in known:
            named[key] = _argument(value)
        elif equals and key.isidentifier() and key.islower() and named:
            raise BadRequest(f"{spec.name} has no argument {key}; it takes {', '.join(arg.name for arg in spec.args)}")
        elif named:
            raise BadRequest(f'"{text}" stands after a named argument; name it as well')
        else:
            args.append(_argument(text))
    answer = invoke(spec, args, named)
    value = _json_value(answer.value)
    if answer.reason is None:
        return {"value": value}
    if isinstance(answer.value, list):
        reasons = [{"row": row + 1, "column": column + 1, "reason": text} for (row, column), text in answer.reasons.items()]
        return {"value": value, "reasons": reasons}
    from xladdin.cells import ExcelError  # noqa: PLC0415

    if isinstance(answer.value, ExcelError):
        return {"error": str(answer.value), "reason": answer.reason}
    return {"value": value, "reason": answer.reason}


def _argument(text: str) -> Any:
    """Read an argument: a JSON literal, an ISO date, or else text; "#N/A" and its like are error values."""
    from xladdin.cells import ERROR_CODES, ExcelError  # noqa: PLC0415

    def not_finite(word: str) -> float:
        raise BadRequest(f"{word} is no number a cell can hold")

    try:
        value = json.loads(text, parse_constant=not_finite)
    except ValueError:
        return ExcelError(text) if text in ERROR_CODES else text
    if isinstance(value, dict):
        raise BadRequest(f"an argument is a JSON number, text, true, false, null or list; got {text}")
    return _with_errors(value)


def _with_errors(value: Any) -> Any:
    from xladdin.cells import ERROR_CODES, ExcelError  # noqa: PLC0415

    if isinstance(value, list):
        return [_with_errors(one) for one in value]
    return ExcelError(value) if isinstance(value, str) and value in ERROR_CODES else value


def _json_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_json_value(one) for one in value]
    if isinstance(value, float):
        return shown_digits(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def list_functions() -> list[dict[str, Any]]:
    """Describe every function for a person or a program."""
    from xladdin.registry import functions  # noqa: PLC0415

    return [
        {
            "name": spec.name,
            "signature": spec.signature,
            "category": spec.category,
            "help": spec.help,
            "help_zh": spec.help_zh,
            "result": spec.result,
            "source": spec.source,
            "args": [
                {
                    "name": arg.name, "kind": arg.kind, "shape": arg.shape, "optional": not arg.required, "text": arg.text,
                    "text_zh": arg.text_zh, "default": None if arg.required else arg.default, "choices": list(arg.choices),
                }
                for arg in spec.args
            ],
        }
        for spec in functions().values()
    ]  # fmt: skip
