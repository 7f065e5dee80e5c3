"""The door of `packs`."""

from shuyang.packs.contracts import Finding, Pack, PackReport, Severity
from shuyang.packs.files import builtin_folder
from shuyang.packs.reading import read_pack
from shuyang.packs.services import BUILTIN, load_builtin

from shuyang.packs.trial import trial_items

__all__ = ["BUILTIN", "Finding", "Pack", "PackReport", "Severity", "builtin_folder", "load_builtin", "read_pack", "trial_items"]
