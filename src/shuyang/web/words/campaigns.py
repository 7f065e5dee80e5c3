"""Words for campaigns: purposes, audiences, showing, and what can be wrong with their frame."""

from django.utils.translation import gettext_lazy as _

from shuyang.delivery.api import AudienceKind, Purpose, ShownWhen
from shuyang.itembank.api import DesignKind

PURPOSES = {
    Purpose.DIAGNOSIS: _("Diagnosis"),
    Purpose.PRETEST: _("Before training"),
    Purpose.POSTTEST: _("After training"),
    Purpose.CERTIFICATION: _("Certification"),
    Purpose.RECRUITMENT: _("Recruitment"),
}
BLUEPRINTS = {
    "diagnosis": _("Diagnosis: about 55 items, precise enough to plan learning"),
    "certification": _("Certification: up to 75 items, more precise"),
}
AUDIENCES = {
    AudienceKind.UNIT: _("Everyone of the unit and below, also who comes later"),
    AudienceKind.FILTER: _("Those of them who fit certain features"),
    AudienceKind.LIST: _("Certain persons, by a list of person numbers"),
}
SHOWN_WHEN = {
    ShownWhen.AT_ONCE: _("At once, when a person has finished"),
    ShownWhen.AFTER_CLOSE: _("After the end of the campaign"),
    ShownWhen.ON_RELEASE: _("Sealed until I release them"),
}
DESIGN_KINDS = {
    DesignKind.ADAPTIVE: _("Adaptive: the items follow the answers"),
    DesignKind.FORMS: _("Parallel forms: fixed items, for the screen or for paper"),
    DesignKind.MULTISTAGE: _("Multistage: adaptive by modules of fixed items"),
}
STATES = {"": _("All"), "open": _("Open now"), "later": _("Opens later"), "closed": _("Closed")}

WORDS = {
    "not_between": _("Between %(low)s and %(high)s."),
    "not_whole": _("“%(value)s” is not a whole number."),
    "age_band_reversed": _("The upper age must not be below the lower one."),
    "filter_empty": _("Choose at least one feature, or invite everyone of the unit."),
    "nobody_invited": _("Nobody would be invited this way."),
    "pretest_only_for_posttest": _("Only a test after training belongs to one before training."),
    "unknown_pretest": _("This test before training does not exist, or belongs to another unit."),
    "listed_number_bad": _("Line %(line)s: “%(value)s” is no person number."),
    "listed_number_unknown": _("Line %(line)s: nobody of your units has the number %(value)s."),
    "listed_person_inactive": _("Line %(line)s: the person with number %(value)s is inactive."),
    "listed_person_elsewhere": _(
        "Line %(line)s: the person with number %(value)s does not belong to %(unit)s or a unit below it."
    ),
    "list_too_long": _(
        "At most %(most)s persons in one list. Choose a unit or features instead, or make several campaigns."
    ),
    "list_no_numbers": _(
        "There are no person numbers in this workbook. They are expected in the column “人员编号” (or “工号”), or in the first column."
    ),
    "audience_changed": _("Please look at who is invited now, then open the campaign."),
    "plan_of_other_release": _(
        "This test was put together for another release of the bank. Make a new version of it and check it."
    ),
    "min_above_max": _("The least number of items lies between 1 and the largest."),
    "facets_above_length": _("The facets ask for %(owed)s items in all, but the test holds %(length)s."),
    "facet_short": _("%(wanted)s items are needed, the bank has %(supply)s of this facet."),
    "bank_too_small": _("%(needed)s different items are needed, the bank has %(supply)s that fit."),
    "design_fixed": _("This version is fixed and does not change. Make a new version."),
    "design_not_checked": _(
        "Check it first: what it says has changed since, or another release of the bank is in use."
    ),
    "no_such_forms": _(
        "The bank has no items from which such forms could be put together. Ask for fewer or shorter forms, or for less per facet."
    ),
    "not_on_paper": _("This campaign’s test can’t be printed."),
    "day_ahead": _("This day lies in the future."),
    "paper_consent": _("Without everyone’s agreement on the sheets no answers can be brought in."),
    "paper_no_answers": _("There are no answers in this workbook."),
    "paper_no_heading": _(
        "The row with the headings “卷号” and “人员编号” is missing. Use the workbook from this page."
    ),
    "paper_columns": _("Columns are missing for the items: %(missing)s."),
    "paper_unknown_sheet": _("This campaign has no sheet with the number “%(value)s”."),
    "paper_sheet_used": _("The sheet %(value)s is in already, or stands in the workbook twice."),
    "paper_person_twice": _("The person with number %(value)s stands in the workbook twice."),
    "paper_attempts_used": _("The person with number %(value)s has no attempt left in this campaign."),
    "paper_items_met": _("This person has met %(count)s items of the form within twelve months."),
    "paper_not_letters": _("“%(value)s” is stored as a number; letters are expected. Format the column as text."),
    "paper_unknown_letter": _("“%(value)s”: there is no such option, or one stands twice."),
    "paper_one_letter": _("“%(value)s”: one letter is expected."),
    "paper_all_letters": _("“%(value)s”: all letters are expected, in their order."),
    "paper_pairs": _("“%(value)s”: pairs are expected, such as 1B2A."),
    "paper_problems_left": _(
        "Some rows can’t be taken. Tick that only the good ones are written, or correct the workbook."
    ),
    "campaign_closed": _("This campaign was ended by hand; make a new one."),
    "campaign_over": _("This campaign is over."),
    "results_sealed": _("The results of this campaign are sealed until they are released."),
    "not_sealed": _("The results of this campaign wait for no release."),
    "access_code_needed": _("This test needs an access code. It is given out in the exam room, or by your organiser."),
    "wrong_access_code": _("This code is not good: mistyped, expired, or meant for someone else."),
    "too_many_codes": _("Too many wrong codes. Please wait %(minutes)s minutes, or ask the organiser."),
    "no_attempt_left": _("You have used all attempts of this campaign."),
    "attempt_too_soon": _("The next attempt is possible from %(day)s on."),
    "person_not_invited": _("This campaign does not invite this person."),
    "grants_nothing": _("Nothing is granted yet: give more time, larger type, pauses, or a later end."),
}
