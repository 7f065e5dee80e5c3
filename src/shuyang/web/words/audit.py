"""Words for audit files."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "not_a_heads_file": _("This is not a file of audit heads exported from this product."),
    "signature_does_not_hold": _(
        "The signature of this file does not hold: it was changed, or comes from another installation."
    ),
}
