"""A click on one of the workbook's buttons: from the form control to the task.

The file names a VBA macro for each button, CreditButtons.RunAging. LibreOffice's Basic cannot run it, so its click event is replaced by
one that only our listener answers. Nothing of this is saved back: a workbook with macros is never saved by LibreOffice.
"""

from __future__ import annotations

import logging
import re
from importlib import import_module
from typing import Any, Final

from xladdin.registry import reports

log = logging.getLogger("xladdin.libreoffice")
SCRIPT: Final = "VBAInterop"  # the kind of script that LibreOffice leaves to listeners
PREFIX: Final = "xladdin:"
MODULE: Final = "CreditButtons"
TOOLS: Final = {"RefreshAll": "all", "UndoLast": "undo", "CheckData": "check", "Recalculate": "recalculate", "WriteLetters": "letters"}


def task_of(macro: str) -> str | None:
    """Return the task of a macro: RunContractTerms -> contract_terms; None for a macro of somebody else's."""
    if macro in TOOLS:
        return TOOLS[macro]
    key = re.sub(r"(?<!^)(?=[A-Z])", "_", macro.removeprefix("Run")).lower()
    return key if macro.startswith("Run") and key in reports() else None


def bind_buttons(document: Any) -> int:
    """Send the clicks of the workbook's buttons to us; answers how many."""
    count = 0
    for index in range(document.Sheets.Count):
        page = document.Sheets.getByIndex(index).getDrawPage()
        forms = page.getForms()
        for number in range(forms.getCount()):
            count += _bind_form(document, forms.getByIndex(number))
    return count


def _bind_form(document: Any, form: Any) -> int:
    uno: Any = import_module("uno")
    count = 0
    for index in range(form.getCount()):
        for event in form.getScriptEvents(index):
            macro = re.search(rf"\b{MODULE}\.(\w+)", event.ScriptCode)
            task = task_of(macro[1]) if macro else None
            if task is None:
                continue
            form.revokeScriptEvents(index)
            ours = uno.createUnoStruct("com.sun.star.script.ScriptEventDescriptor")
            ours.ListenerType, ours.EventMethod = "com.sun.star.awt.XActionListener", "actionPerformed"
            ours.ScriptType, ours.ScriptCode = SCRIPT, PREFIX + task
            form.registerScriptEvent(index, ours)
            count += 1
            break
    if count:
        form.addScriptListener(_listener(document))
    return count


def _listener(document: Any) -> Any:
    uno: Any = import_module("uno")
    unohelper: Any = import_module("unohelper")

    def firing(_self: Any, event: Any) -> None:
        code = str(event.ScriptCode)
        if code.startswith(PREFIX):
            from xladdin.hosts.libreoffice.extension.runner import clicked  # noqa: PLC0415 - a workbook without clicks needs no reports

            clicked(document, code.removeprefix(PREFIX))

    members = {
        "firing": firing,
        "approveFiring": lambda _self, _event: None,
        "disposing": lambda _self, _event: None,
    }
    return type("Clicks", (unohelper.Base, uno.getClass("com.sun.star.script.XScriptListener")), members)()
