"""Pure decisions: when a signal is worth a person's look, and who may use which device."""

from __future__ import annotations

from shuyang.delivery.integrity.contracts import Signal
from shuyang.kernel.errors import Conflict

# Worth a look beyond these. False positive rates by simulation: docs/explanation/integrity-signals.md.
LEAST_EFFORT = 0.9
LEAST_FIT_P = 0.001
LEAST_KNOWLEDGE_P = 0.01
SIMILARITY_RISK = 0.05  # for all pairs of a campaign together (Bonferroni)
FEWEST_SHARED = 10
FEWEST_LEAKED = 3
FEWEST_ANSWERS = 10
MOST_FOCUS_LOSSES = 3
MOST_PAIRED = 300  # beyond so many sittings, only people of one unit are compared
DEFAULT = (Signal.RAPID, Signal.FIT, Signal.SIMILARITY)


class OtherDevice(Conflict):
    """The sitting is being taken on another device."""

    code = "other_device"


class FlagDecided(Conflict):
    """The flag was decided, or the person objected already."""

    code = "flag_decided"


class SameDecider(Conflict):
    """After an objection someone else decides."""

    code = "same_decider"


def check_device(active: str, used: str) -> None:
    """Raise `OtherDevice` where the sitting is bound to another sign-in than the one in use."""
    if active and used and active != used:
        raise OtherDevice("another device is active")
