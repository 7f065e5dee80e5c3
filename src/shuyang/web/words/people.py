"""Words for people, units, roles and rosters."""

from django.utils.translation import gettext_lazy as _

from shuyang.people.api import Field, ImportState, JobCategory, RankLayer
from shuyang.trust.api import Role

RANK_LAYERS = {
    RankLayer.LEADER: _("Leading official"),
    RankLayer.GENERAL: _("General staff"),
    RankLayer.SPECIALIST: _("Skilled specialist"),
}
JOB_CATEGORIES = {
    JobCategory.GENERAL_ADMINISTRATION: _("General administration"),
    JobCategory.OFFICE_AFFAIRS: _("Government office affairs"),
    JobCategory.APPROVAL_SERVICE: _("Approval and government services"),
    JobCategory.ENFORCEMENT: _("Administrative enforcement"),
    JobCategory.DATA_IT: _("Data and IT"),
    JobCategory.PROFESSIONAL: _("Professional work"),
}
ROLES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.ORGANISER: _("Organiser"),
    Role.INVIGILATOR: _("Invigilator"),
    Role.LEADER: _("Unit leader"),
    Role.AUTHOR: _("Item author"),
    Role.REVIEWER: _("Item reviewer"),
    Role.PSYCHOMETRICIAN: _("Psychometrician"),
    Role.APPRAISER: _("Appraiser"),
    Role.TALENT_OFFICER: _("Talent officer"),
    Role.AUDITOR: _("Auditor"),
}
FIELDS = {
    Field.NUMBER: _("Person number"),
    Field.NAME: _("Name"),
    Field.UNIT_CODE: _("Unit code"),
    Field.UNIT: _("Unit"),
    Field.SUBUNIT: _("Sub-unit"),
    Field.RANK_LAYER: _("Staff layer"),
    Field.JOB_CATEGORY: _("Job category"),
    Field.TITLE: _("Post title"),
    Field.FROM_DATE: _("In this post since"),
    Field.IDENTITY_NUMBER: _("Identity number"),
    Field.PHONE: _("Phone"),
}
EXPLANATIONS = {
    Field.NUMBER: _(
        "Needed. Unique for each person and never changed; people are known by it. Keep the column as text so that leading zeros stay."
    ),
    Field.NAME: _("Needed. Write rare characters as they are."),
    Field.UNIT: _("Name of the unit; several levels with a slash between them. Empty: the unit chosen for the import."),
    Field.SUBUNIT: _("Name of the unit below it, if there is one."),
    Field.RANK_LAYER: _(
        "One of the list. Together with the job category it makes the post, and the post has the target profile."
    ),
    Field.JOB_CATEGORY: _("One of the list. Needed when the rank layer is given."),
    Field.TITLE: _("Free text."),
    Field.FROM_DATE: _(
        "Such as 2024-01-01, 2024.1.1 or 2024年1月1日, not after today. Empty: from the day of the import."
    ),
    Field.IDENTITY_NUMBER: _(
        "18 characters, kept encrypted. Keep the column as text: Excel turns long numbers into rounded ones."
    ),
    Field.PHONE: _("Kept encrypted."),
}
STATES = {
    ImportState.UPLOADED: _("Columns to be matched"),
    ImportState.CHECKING: _("Being checked"),
    ImportState.CHECKED: _("Waits for your acceptance"),
    ImportState.WRITING: _("Being written"),
    ImportState.DONE: _("Finished"),
    ImportState.FAILED: _("Stopped on the way"),
    ImportState.DISCARDED: _("Discarded"),
}

WORDS = {
    # units
    "unit_name_bad": _("A unit needs a name of at most 100 characters."),
    "unit_name_taken": _("There is a unit “%(name)s” here already."),
    "unit_code_bad": _("At most 40 characters."),
    "unit_code_taken": _("The code %(code)s belongs to another unit."),
    "unit_too_deep": _("At most %(depth)s levels of units."),
    "unit_inactive": _("This unit is closed; choose another."),
    "unit_has_units": _("There are units below it. Merge those first."),
    "unit_into_itself": _("A unit can’t be merged into itself or into a unit below it."),
    # persons
    "number_bad": _("A number has letters, digits, dots, dashes; at most 40."),
    "number_taken": _("The number %(number)s belongs to somebody already."),
    "number_unknown": _("Nobody you may see has this number."),
    "name_bad": _("This is no name."),
    "identity_bad": _("This is no valid identity number (18 characters, the last one checks the others)."),
    "phone_bad": _("This is no phone number."),
    "rank_layer_unknown": _("“%(value)s” is no rank layer: 领导干部, 一般干部 or 专业技能人才."),
    "job_category_unknown": _("“%(value)s” is no job category. See the list in the template."),
    "role_unknown": _("Choose a role."),
    "post_in_future": _("The day %(day)s lies in the future."),
    "post_before_current": _(
        "The present post began on %(day)s; a new one begins later. To correct it, use the same day."
    ),
    "person_inactive": _("This person is inactive. Make the person active again first."),
    "username_taken": _("The user name is taken."),
    "last_administrator": _(
        "This is the last administrator of the installation. Give the role to somebody else first."
    ),
    # files
    "file_missing": _("Choose a file first."),
    "file_not_excel": _(
        "This is no Excel workbook (.xlsx). Save the list as “Excel workbook (.xlsx)” and upload that."
    ),
    "file_old_excel": _("This is the old Excel format (.xls). Open it and save it as “Excel workbook (.xlsx)”."),
    "file_encrypted": _("The workbook is protected with a password. Remove the password, save it and upload it again."),
    "file_unreadable": _("The workbook is damaged. Open it in Excel or WPS, save it anew and upload that."),
    "file_empty": _("The workbook has no sheet."),
    "sheet_empty": _("The sheet “%(sheet)s” is empty."),
    "sheet_unknown": _("There is no sheet “%(sheet)s”."),
    "file_too_big": _("The file is larger than %(megabytes)s MB. Split it."),
    "file_too_big_unpacked": _(
        "The file unpacks to more than is sensible for a list of people. Copy the list into a new workbook."
    ),
    "sheet_too_wide": _(
        "The sheet goes out to column %(cell)s. A list of people has at most %(columns)s columns: delete what stands far to the right."
    ),
    "sheet_too_long": _("The sheet is longer than %(rows)s rows. Delete what stands far below, or split it."),
    # why an import stopped
    "cancelled": _("You stopped it."),
    "unexpected": _("Something unexpected happened; the log of the job worker says more."),
    # columns
    "column_needed": _("This column is needed."),
    "column_unit_needed": _("Without a unit for the whole import, a unit column is needed."),
    "column_post_needed": _("Rank layer and job category go together: match both or neither."),
    "column_twice": _("One column can’t mean two things."),
    "header_row_bad": _("Choose the row with the headings."),
    "import_moved": _("This import has gone on in the meantime. See how it stands and go on from there."),
    # cells
    "excel_error": _("Excel shows an error here (%(value)s)."),
    "not_text": _("“%(value)s” is not text."),
    "number_missing": _("The person number is missing."),
    "number_as_number": _(
        "The person number %(value)s is stored as a number; Excel may have cut zeros. Format the column as text, type it again and import once more."
    ),
    "number_as_date": _(
        "Excel has turned the person number into a date (%(value)s). Format the column as text, type it again and import once more."
    ),
    "number_bad_cell": _("“%(value)s” is no person number (letters, digits, dots, dashes)."),
    "number_twice": _("The same person number %(value)s is also in row %(rows)s."),
    "number_elsewhere": _("The person number %(number)s belongs to somebody outside your units."),
    "person_inactive_row": _(
        "The person with number %(number)s is inactive. Make the person active again on the person’s page first."
    ),
    "name_missing": _("The name is missing."),
    "name_bad_cell": _("“%(value)s” is no name."),
    "unit_missing": _("The unit is missing."),
    "unit_unknown": _("There is no unit “%(name)s” here. Correct the name, or allow the import to make new units."),
    "unit_ambiguous": _(
        "There are %(count)s units called “%(name)s”. Write the units above it too, with slashes between them."
    ),
    "unit_code_unknown": _("There is no unit with the code %(code)s."),
    "unit_code_as_number": _(
        "The unit code %(value)s is stored as a number. Format the column as text, type it again and import once more."
    ),
    "unit_name_bad_cell": _("The unit name is too long."),
    "rank_layer_missing": _("The rank layer is missing; it goes together with job category and post title."),
    "job_category_missing": _("The job category is missing; it goes together with the rank layer."),
    "date_as_number": _(
        "The date is stored as the number %(value)s: 2024.1 may have been 2024.10. Format the column as text or date and type it again."
    ),
    "date_bad": _("“%(value)s” is no date. Write it like 2024-01-31."),
    "identity_as_number": _(
        "The identity number is stored as a number; Excel has rounded its last digits. Format the column as text and type it again from the document."
    ),
    "identity_bad_cell": _("The identity number is wrong: it has 18 characters, and the last one checks the others."),
    "identity_twice": _("The same identity number is also in row %(rows)s."),
    "identity_of_other": _("Another person, with another number, has this identity number."),
    "phone_bad_cell": _("This is no phone number."),
}
