"""From a file of another system into the workbook's tables.

    source file -> columns as they are -> mapped to our fields -> dates and numbers read in one detected format -> plan -> written

Nothing is written before a plan was made, and a plan is made only when nothing had to be guessed: what is ambiguous is refused
with the option that decides it.
"""
