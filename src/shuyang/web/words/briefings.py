"""Words for what can be wrong with a briefing."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "briefing_mark_unknown": _("“%(piece)s” is no figure of this briefing. Take it out, or insert one from the list."),
    "briefing_mark_changed": _(
        "The figure now reads “%(piece)s”. Figures come from the data: put it back or leave it out."
    ),
    "briefing_mark_broken": _("A bracket of a figure is missing or too many near “%(piece)s”."),
    "briefing_figure_free": _(
        "Near “%(piece)s” a figure is typed that no data stand behind. Insert one from the list, or say it without figures; "
        "amounts and dates belong to “cost”."
    ),
    "briefing_text_needed": _("This may not be empty."),
    "briefing_text_long": _("At most %(most)s characters."),
    "briefing_paragraph_unknown": _("The draft has no such paragraph."),
    "briefing_options_three": _("A briefing has three options."),
    "briefing_effect_unknown": _("Choose one of the two."),
    "briefing_template": _(
        "Your organisation's own Word template can't be filled. The PDF is not concerned; an administrator can correct or "
        "remove the template."
    ),
    "briefing_no_figures": _("There are no published figures of this unit to write about."),
    "briefing_moved": _("The briefing was edited, signed or sent back by someone else in the meantime."),
}
CHECKS = {
    "unreadable": _("The archive can't be read."),
    "data_changed": _("The archived data are not those whose hash is stored."),
    "document_changed": _("The printed text is not the one whose hash is stored."),
    "figure_differs": _("A figure does not follow from the data:"),
    "chart_differs": _("A chart does not follow from the data:"),
    "text_differs": _("A text is not printed as it was stored:"),
    "briefing_figure_free": _("A figure stands in the text without data behind it:"),
    "briefing_mark_unknown": _("A figure stands in the text without data behind it:"),
    "briefing_mark_changed": _("A figure does not follow from the data:"),
    "briefing_mark_broken": _("A figure stands in the text without data behind it:"),
}
