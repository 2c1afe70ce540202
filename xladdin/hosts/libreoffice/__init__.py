"""LibreOffice Calc: its process, xlwings' object model over its documents, its functions and buttons."""
