"""Words for what can go wrong with certificates."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "credential_not_precise": _("This result was not measured precisely enough for a certificate."),
    "credential_provisional": _("Cut scores are provisional: there can be no certification yet."),
    "credential_purpose": _("There is no certificate for results of this kind."),
    "credential_revised": _("This result was revised since; ask for a certificate of the revised one."),
    "credential_no_level": _("No level is reached surely enough to be certified."),
    "not_a_receipt": _("This file is not a receipt."),
    "not_a_badge": _("This file is not a badge."),
    "not_a_public_key": _("This file is not an Ed25519 public key in PEM form."),
    "key_needed": _("The file names no key. Give the organisation's public key with --key."),
}
