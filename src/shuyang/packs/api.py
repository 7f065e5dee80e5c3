"""The door of `packs`."""

from shuyang.packs.check import check, check_pack
from shuyang.packs.contracts import Finding, Pack, PackReport, Requirements, Severity
from shuyang.packs.files import builtin_folder
from shuyang.packs.information import ABILITIES, ForceInformation, information_of
from shuyang.packs.lint.bank import coverage_of
from shuyang.packs.reading import read_pack
from shuyang.packs.services import BUILTIN, load_builtin
from shuyang.packs.sitting import GivenItem, SimulatedSitting, simulated_sitting
from shuyang.packs.trial import trial_items

__all__ = [
    "ABILITIES",
    "BUILTIN",
    "Finding",
    "ForceInformation",
    "GivenItem",
    "Pack",
    "PackReport",
    "Requirements",
    "Severity",
    "SimulatedSitting",
    "builtin_folder",
    "check",
    "check_pack",
    "coverage_of",
    "information_of",
    "load_builtin",
    "read_pack",
    "simulated_sitting",
    "trial_items",
]
