"""Words for what can be wrong with lessons and notes."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "lesson_head_missing": _("The file must begin with a head between two lines of ---."),
    "lesson_id_shape": _("The id of a lesson looks like L-F01-3."),
    "lesson_no_sections": _("The lesson has no section with a heading (##)."),
    "lesson_too_little_practice": _("A lesson needs at least %(least)s practice items."),
    "lesson_practice_unknown": _("%(item)s is not a practice item of the bank."),
    "lesson_teaches_unknown": _("%(item)s is not a secure item of the bank."),
    "lesson_minutes": _("%(minutes)s minutes are stated; by its length it takes about %(needed)s."),
}
