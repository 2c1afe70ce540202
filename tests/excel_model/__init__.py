"""A stand-in for Excel's object model behind the real Windows engine of xlwings: cells, tables, names, and how values cross COM.

It refuses what Excel and pywin32 refuse, and keeps in `Book.faults` what Excel takes without a word and shows as something else. Where a
behaviour comes from is said beside it. What is not here (charts, filters, shapes) raises, so that nothing passes by being ignored.
"""
