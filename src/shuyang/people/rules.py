"""Pure rules: what a number, name, identity number, phone, user name look like; how posts follow one another."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: read aloud and copied from paper
CODE_LENGTH = 10

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z_.\-/]{0,39}")
_PHONE = re.compile(r"(\+?86)?(1\d{10}|0\d{9,11})")
_DOTS = str.maketrans("•‧・∙⋅．", "······")
_CJK_GAP = re.compile(
    r"(?<=[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def halfwidth(text: str) -> str:
    """Full-width digits, letters and punctuation as their ASCII forms, without any white space."""
    if text.isascii():
        return text if text.isalnum() else "".join(text.split())
    return "".join(unicodedata.normalize("NFKC", text).split())


def clean_number(text: str) -> str | None:
    """A person number in its one spelling (half-width, upper case), or None if it is no number. Leading zeros stay."""
    number = halfwidth(text).upper()
    return number if _NUMBER.fullmatch(number) else None


def clean_username(text: str) -> str:
    """The one spelling of a user name: half-width, lower case."""
    return halfwidth(text).casefold()


def clean_name(text: str) -> str | None:
    """A person's name, or None if it is none.

    Characters are kept as they are (normalising would change compatibility ideographs); the blanks that
    two-character names are padded with go, and the dot of transcribed names is always "·".
    """
    name = " ".join(text.translate(_DOTS).split())
    name = _CJK_GAP.sub("", name)
    bad = any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Nd", "So", "Sm", "Sc") for c in name)
    return None if not name or len(name) > 80 or bad or not any(c.isalpha() for c in name) else name


def clean_identity(text: str) -> str | None:
    """An 18-digit identity number whose date and check digit hold (GB 11643-1999), or None."""
    identity = halfwidth(text).upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", identity):
        return None
    try:
        date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))
    except ValueError:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, identity, strict=False))
    return identity if _CHECK_DIGITS[total % 11] == identity[17] else None


def age_on(identity: str, day: date) -> int:
    """Full years on a day of the holder of a valid identity number."""
    birthday = int(identity[6:10]), int(identity[10:12]), int(identity[12:14])
    return day.year - birthday[0] - ((day.month, day.day) < birthday[1:])


def clean_phone(text: str) -> str | None:
    """A mobile or land-line number as digits, or None."""
    phone = re.sub(r"[-()]", "", halfwidth(text))
    match = _PHONE.fullmatch(phone)
    return match.group(2) if match else None


def masked(text: str, *, head: int, tail: int) -> str:
    """`text` with its middle hidden."""
    return text if len(text) <= head + tail else f"{text[:head]}{'*' * (len(text) - head - tail)}{text[-tail:]}"


def clean_code(text: str) -> str:
    """A one-time code as typed: upper case, without the dashes and blanks it is printed with."""
    return re.sub(r"[-\s]", "", halfwidth(text)).upper()


def printed_code(code: str) -> str:
    """A one-time code as printed: in two groups."""
    return f"{code[:5]}-{code[5:]}"


def post_may_start(*, start: date, current_from: date | None) -> bool:
    """A post may replace the current one only from a later day on; the past is not rewritten."""
    return current_from is None or start > current_from
