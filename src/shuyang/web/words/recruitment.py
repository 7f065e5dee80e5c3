"""Words for standard setting and recruitment."""

from django.utils.translation import gettext_lazy as _

from shuyang.delivery.api import AppealState, Method

WORDS = {
    "rating_out_of_range": _("Give four numbers from %(low)s to %(high)s."),
    "rating_falls": _(
        "From level to level the number may not fall: who is just at a higher level does at least as well."
    ),
    "judge_name": _("Give the judge a name or number of at most %(most)s characters."),
    "judge_unknown": _("This row names no judge."),
    "item_count": _("Give a number from 3 to %(most)s."),
    "row_unknown": _("%(value)s is no item or force of this panel."),
    "row_twice": _("This judge has two rows for %(value)s."),
    "setting_closed": _("The record of this standard setting is closed: nothing in it changes any more."),
    "no_cuts": _(
        "The ratings give no usable cuts yet: five judges or more, and cuts that rise from level to level and lie within what the items can show."
    ),
    "rule_level": _("Choose a level from 2 to 5."),
    "rule_forces": _("Choose at least one force."),
    "rule_stands": _("The rule was chosen with its risk on record, and stands."),
    "too_few": _("Fewer than five candidates have finished: no figure can be shown, and no rule be chosen."),
    "not_releasable": _(
        "Results can be released once a rule was chosen, the campaign has closed and nobody is at it any more."
    ),
    "same_person": _("You have signed. The second signature must come from another person."),
    "needs_two": _("The results of a recruitment are released by two persons, on its recruitment page."),
    "involved": _("You made the campaign, chose its rule or released it: someone not involved decides this appeal."),
    "appeal_made": _("There is an appeal already, or it was decided."),
}
METHODS = {
    Method.ANGOFF: _("Angoff: expected share of credit, item by item"),
    Method.BOOKMARK: _("Bookmark: first page that would be missed"),
}
APPEALS = {
    AppealState.OPEN: _("To be decided"),
    AppealState.UPHELD: _("Appeal upheld"),
    AppealState.REFUSED: _("Appeal refused"),
}
