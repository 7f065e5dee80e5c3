"""Words for codes that any room may raise."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "required": _("Please fill this in."),
    "too_long": _("At most %(most)s characters."),
    "not_a_number": _("“%(value)s” is not a number."),
    "not_a_date": _("“%(value)s” is not a date. Write it like 2026-11-22."),
    "unknown_choice": _("“%(value)s” is not among the choices."),
    "worker_lost": _("The program that did this work was interrupted. Nothing is half done; please start it again."),
    "sign_in_needed": _("Neither a session nor a token with this scope came with the request, or it has ended."),
    "wrong_value": _("This is not what belongs here (%(kind)s)."),
    "not_json": _("The body is not JSON of the expected shape."),
    "too_large": _("The file is larger than %(most)s MB."),
}
