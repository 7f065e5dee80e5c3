"""Words for the room: pauses, extensions, calls."""

from django.utils.translation import gettext_lazy as _

from shuyang.delivery.api import EventKind, RulingKind

WORDS = {
    "sitting_paused": _(
        "The test is paused: the answer was not taken. It stays on this device; hand it in when the test goes on."
    ),
    "room_paused": _(
        "The invigilator has paused this test: nobody begins just now. Please try again in a few minutes."
    ),
    "no_pause_left": _("You have taken all the pauses this test allows."),
    "paused_by_supervisor": _("The invigilator paused the test and lets it go on."),
    "reason_needed": _("Please write why, or what you answer: it goes on record."),
    "minutes_out_of_range": _("Give whole minutes, from 1 to %(most)s."),
    "item_not_in_release": _(
        "This campaign has no item %(key)s. The number stands in the item bank, as in S-F09-3-001."
    ),
    "already_ruled": _("That is how it stands already; nothing was changed."),
    "level_out_of_range": _("Choose one of the five levels."),
}
EVENTS = {
    EventKind.PAUSED: _("Paused"),
    EventKind.RESUMED: _("Went on"),
    EventKind.EXTENDED: _("Time added"),
    EventKind.ENDED: _("Ended"),
}
RULINGS = {RulingKind.NEUTRALISED: _("No longer counts"), RulingKind.RESTORED: _("Counts again")}
