"""From a file of another system into the workbook's tables.

    source file -> columns as they are -> mapped to our fields -> dates and numbers read in one detected format -> plan -> written

Nothing is written before a plan was made, and a plan is made only when nothing had to be guessed: what is ambiguous is refused
with the option that decides it.
"""

from workbook.importing.options import ImportOptions, read_pairs
from workbook.importing.plan import make_plan
from workbook.importing.preview import ImportPlan
from workbook.importing.profile import Profile, load_profile, profile_names, save_profile
from workbook.importing.run import apply_plan, import_source
from workbook.importing.write import write_table

__all__ = [
    "ImportOptions",
    "ImportPlan",
    "Profile",
    "apply_plan",
    "import_source",
    "load_profile",
    "make_plan",
    "profile_names",
    "read_pairs",
    "save_profile",
    "write_table",
]
