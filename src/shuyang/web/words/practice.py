"""Words for what can be wrong with work on the range."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "range_name": _("Give the query a name of letters, digits or Chinese characters that does not begin with a digit."),
    "range_name_taken": _("The name %(name)s is taken by a table or another query."),
    "range_too_many": _("That is too many: at most %(most)s."),
    "range_choice": _("Choose one of the values offered; a rule needs an outcome, too."),
    "range_number": _("This must be a number."),
    "range_field": _("“%(text)s” is not a field that rules may ask for."),
    "range_operator": _("This comparison does not fit the field."),
    "range_condition": _("Line %(line)s: “%(text)s” is not a condition. Write field, comparison, value."),
    "range_no_outcome": _("Line %(line)s: write the conditions, then =>, then the outcome."),
    "range_outcome": _("Line %(line)s: “%(text)s” is not one of the outcomes."),
    "range_after_else": _("Line %(line)s stands after the last line (everyone else) and would never be reached."),
    "range_work_too_large": _("The work has become too large to keep."),
    "range_checkpoint_name": _("Give the checkpoint a name of at most 60 characters."),
    "range_changed": _(
        "This scenario was changed by an upgrade after you began. Give this run up and begin a new one."
    ),
    "range_stale": _("The work was changed in another window. Load this page again, then repeat the last step."),
    "range_closed": _("This run takes no more changes."),
    "task_unsound": _("A task needs a level from 1 to 5 and at least two categories."),
    "range_no_hints": _("An assessed run gives no hints."),
}
