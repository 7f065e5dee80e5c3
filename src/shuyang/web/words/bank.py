"""Words for what can be wrong with items, reports and content files."""

from django.utils.translation import gettext_lazy as _

WORDS = {"unknown_reason": _("Please choose one of the reasons.")}
