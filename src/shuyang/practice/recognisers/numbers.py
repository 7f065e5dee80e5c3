"""Identifiers with a form of their own, most with a check digit: ids, codes, phones, cards, passports, plates.

Forms are those in use in China, and those of the invented city (`practice.city.identifiers`), whose regions, segments and signs
nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from shuyang.practice.city.identifiers import (
    CARD_PREFIX,
    PLATE_SIGN,
    PROVINCE,
    credit_check,
    luhn_check,
    resident_check,
)
from shuyang.practice.recognisers.found import Found, Kind, announced, announced_otherwise

# GB/T 2260, and the residence permits of Hong Kong, Macao and Taiwan; the invented province.
PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)}
PROVINCES |= {71, 81, 82, 83, PROVINCE}
LAST_YEAR = 2035
_LEFT, _RIGHT = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
RESIDENT = re.compile(_LEFT + r"(\d{6})[ -]?((?:18|19|20)\d{6})[ -]?(\d{3}[0-9Xx])" + _RIGHT)
OLD_RESIDENT = re.compile(_LEFT + r"\d{15}" + _RIGHT)
CREDIT = re.compile(_LEFT + r"[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}" + _RIGHT)
MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?(1[3-9]\d)([ -]?)(\d{4})\2(\d{4})(?![0-9A-Za-z]|\.\d)")
LANDLINE = re.compile(r"(?<![0-9A-Za-z-])(?:0\d{2,3}-|\(0\d{2,3}\)|（0\d{2,3}）)[2-8]\d{6,7}(?![0-9A-Za-z])")
CARD = re.compile(r"(?<![0-9A-Za-z.])\d(?:[ -]?\d){15,18}(?![0-9A-Za-z]|\.\d)")
# First digits of issuers: UnionPay, Visa, Mastercard, American Express, JCB; and the invented one.
ISSUERS = ("62", "4", "51", "52", "53", "54", "55", "34", "37", "35", CARD_PREFIX)
PASSPORT = re.compile(_LEFT + r"(?:E[0-9A-Z]\d{7}|[GPSD]\d{7,8}|[SDP]E\d{7})" + _RIGHT)
SIGNS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使" + PLATE_SIGN
PLATE = re.compile(
    rf"[{SIGNS}][A-HJ-NP-Z][·•. -]?(?:[DF][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DF]|"
    r"(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![0-9A-Za-z])"
)


def resident_ids(text: str) -> Iterator[Found]:
    """Ids of 18 characters whose region, date and check are right; old ones of 15 digits whose region and date are."""
    for match in RESIDENT.finditer(text):
        number = "".join(match.groups()).upper()
        if int(number[:2]) in PROVINCES and _is_date(number[6:14]) and resident_check(number[:17]) == number[17]:
            yield Found(Kind.RESIDENT_ID, match.start(), match.end(), True)
    for match in OLD_RESIDENT.finditer(text):
        number = match[0]
        plausible = int(number[:2]) in PROVINCES and _is_date("19" + number[6:12])
        if plausible and not announced_otherwise(text, match.start()):
            yield Found(Kind.RESIDENT_ID, match.start(), match.end(), False)


def _is_date(digits: str) -> bool:
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1850 <= found.year <= LAST_YEAR


def credit_codes(text: str) -> Iterator[Found]:
    """Codes whose check mod 31 is right and which are not resident ids."""
    for match in CREDIT.finditer(text):
        if int(match[0][2:4]) in PROVINCES | {10} and credit_check(match[0][:17]) == match[0][17]:
            yield Found(Kind.CREDIT_CODE, match.start(), match.end(), True)


def phones(text: str) -> Iterator[Found]:
    """Mobile phones (11 digits, also in groups or after +86) and landlines with their area code."""
    for pattern in (MOBILE, LANDLINE):
        for match in pattern.finditer(text):
            if not announced_otherwise(text, match.start()):
                yield Found(Kind.PHONE, match.start(), match.end(), False)


def bank_cards(text: str) -> Iterator[Found]:
    """Numbers of 16 to 19 digits of an issuer that pass Luhn's test."""
    for match in CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        right = digits.startswith(ISSUERS) and luhn_check(digits[:-1]) == digits[-1]
        if right and not announced_otherwise(text, match.start()):
            yield Found(Kind.BANK_CARD, match.start(), match.end(), True)


def passports(text: str) -> Iterator[Found]:
    """Ordinary passports by their form; older and official ones only where the text speaks of a passport."""
    for match in PASSPORT.finditer(text):
        named = announced(text, match.start(), "护照|passport|Passport|证件")
        dated = bool(re.fullmatch(r"E(?:19|20)\d{6}", match[0])) and _is_date(match[0][1:])
        ordinary = match[0][0] == "E" and not dated and not announced_otherwise(text, match.start())
        if named or ordinary:
            yield Found(Kind.PASSPORT, match.start(), match.end(), False)


def plates(text: str) -> Iterator[Found]:
    """Number plates of five characters, and of six for electric cars."""
    for match in PLATE.finditer(text):
        yield Found(Kind.PLATE, match.start(), match.end(), False)
