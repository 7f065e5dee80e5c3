"""Words for signing in and passwords."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "mail_bad": _("This is no mail address; nothing was changed."),
    "token_scopes": _("Choose at least one thing the token may do."),
    "token_days": _("A token works for 1 to %(most)s days."),
    "too_many_tokens": _("At most %(most)s tokens at a time: revoke one that is no longer needed."),
    "wrong_sign_in": _("The user name and the password or one-time code do not fit together."),
    "too_many_sign_ins": _(
        "Too many failed tries. Signing in is paused for %(minutes)s minutes; your organiser can also give you a new code."
    ),
    "wrong_password": _("This is not your present password."),
    "password_too_short": _("At least %(min_length)s characters."),
    "password_too_common": _("This password is among the most common ones."),
    "password_entirely_numeric": _("Digits alone are not enough."),
    "password_like_name": _("The password must not be your user name, number or name."),
    "password_twice": _("The two passwords are not the same."),
}
