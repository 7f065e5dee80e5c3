"""Words for backup, restore and verification."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "backup_failed": _("The database's own backup program failed: %(said)s"),
    "not_a_backup": _("This file is not a backup of this product, or it is damaged."),
    "data_in_the_way": _(
        "This installation already holds data. Add --replace to put the backup in its place; the present data is kept beside it under another name."
    ),
    "not_an_audit_export": _("This is not an auditor's export of a sitting."),
    "tampered": _("Stored evidence does not verify. Stop and call the security officer."),
}
