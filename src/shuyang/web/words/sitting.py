"""Words for what can go wrong in a sitting and in campaigns."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "nothing_chosen": _("Nothing is chosen yet. Answer, or use “Skip without answering”."),
    "unknown_option": _("This answer does not belong to the item. Load the page again."),
    "wrong_shape": _("The answer did not arrive complete. Please send it again."),
    "order_incomplete": _("The order is incomplete. Please arrange all lines."),
    "right_used_twice": _("An answer is used twice; here each fits only once."),
    "percent_not_expected": _("Please write the number without %%."),
    "already_answered": _("This item already has an answer and was not changed. Here is the next one."),
    "other_answer": _("What was sent differs from the answer on record and was not taken. The first answer stands."),
    "position_ahead": _("This item has not been shown yet. Here is the one at hand."),
    "sitting_over": _("This sitting is finished; what you had answered is kept."),
    "try_again": _("The sitting was changed by someone else just now. Please hand in the answer once more."),
    "nothing_left": _(
        "You have met every item of this bank within twelve months; there is nothing left to give you. Please tell your organiser."
    ),
    "campaign_not_open": _("This campaign is not open now."),
    "consent_needed": _("Please read the notice and tick the box if you agree. Without it no test can be taken."),
    "broken_form": _("The form did not arrive complete. Load the page again; nothing you handed in is lost."),
    "provisional_cuts": _(
        "Cut scores are still provisional: certification and recruitment need a recorded standard setting first."
    ),
    "closes_before_it_opens": _("The end must lie after the beginning."),
    "closes_in_the_past": _("The end lies in the past."),
}
