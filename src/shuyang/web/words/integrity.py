"""Words for integrity: signals are reasons to look, never findings."""

from django.utils.translation import gettext_lazy as _

from shuyang.delivery.api import FlagState, Signal

WORDS = {
    "other_device": _(
        "The test is being taken on another device; answers are taken from one only. To go on here, take it over."
    ),
    "flag_decided": _("This was decided, or objected to, already."),
    "same_decider": _("After an objection someone else decides."),
}
SIGNALS = {
    Signal.RAPID: _("Many answers faster than the items can be read"),
    Signal.FIT: _("Answers that contradict each other"),
    Signal.SIMILARITY: _("Two people alike beyond what ability explains"),
    Signal.KNOWLEDGE: _("Fast and right on leaked items"),
    Signal.FOCUS: _("Leaving the page (announced to participants)"),
}
STATES = {
    FlagState.OPEN: _("To be looked at"),
    FlagState.DISMISSED: _("Means nothing"),
    FlagState.NOTED: _("Noted"),
    FlagState.OBJECTED: _("The person objects"),
    FlagState.FINAL: _("Noted, after an objection"),
}
EVIDENCE = {
    "rapid": _("rapid answers"),
    "answers": _("answers"),
    "effort": _("share of answers with effort"),
    "lz": _("lz"),
    "p": _("probability by chance"),
    "leaked": _("leaked items met"),
    "gain": _("credit beyond expectation"),
    "ratio": _("time compared with other items"),
    "p_score": _("probability by chance (credit)"),
    "p_time": _("probability by chance (time)"),
    "shared": _("items shared"),
    "matches": _("answered alike"),
    "expected": _("expected alike"),
    "pairs": _("pairs compared"),
    "losses": _("times the page was left"),
}
