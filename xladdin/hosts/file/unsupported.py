"""A clear answer to everything of xlwings' object model that a host of ours does not offer."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Class = TypeVar("_Class", bound=type)
_CLOSED: Final = "on a closed workbook; open it in Excel or LibreOffice for that, or prepare it in the template"


def complete(base: type, where: str = _CLOSED) -> Callable[[_Class], _Class]:
    """Add to an engine class each member xlwings expects of its kind and we lack, as a refusal in one sentence."""

    def add(cls: _Class) -> _Class:
        own = inspect.get_annotations(cls)  # attributes that __init__ sets
        for name, member in vars(base).items():
            if not name.startswith("_") and not hasattr(cls, name) and name not in own:
                setattr(cls, name, _refusal(cls.__name__, name, where, is_property=isinstance(member, property)))
        return cls

    return add


def _refusal(owner: str, name: str, where: str, *, is_property: bool) -> Any:
    text = f"{owner}.{name} is not available {where}"

    def refuse(*_: Any, **__: Any) -> Any:
        raise NotImplementedError(text)

    return property(refuse, refuse) if is_property else refuse
