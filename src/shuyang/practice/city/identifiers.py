"""Identifiers that pass every check but belong to nobody.

| identifier | rule | why it can't belong to anyone |
|---|---|---|
| resident id | GB 11643: region, date, sequence, check mod 11-2 | region codes begin with 58: no such province in GB/T 2260 |
| credit code | GB 32100: check character mod 31, organisation code mod 11 inside | the same region codes |
| mobile phone | 11 digits | segments 142, 154, 161, 164: not assigned in public lists of 2022 (may change) |
| bank card | ISO/IEC 7812 with the Luhn digit | begins with 0: no payment cards (UnionPay: 62) |
| passport | E, letter, 7 digits | second letter I or O: never used, because they look like digits |
| number plate | province sign, letter, 5 characters | the sign 岚 is no province |

Addresses of machines are from the blocks that RFC 5737 keeps for documentation, names of hosts end in `.example` (RFC 2606).
"""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.draws import Ints

PROVINCE = 58
PHONE_SEGMENTS = (142, 154, 161, 164)
CARD_PREFIX = "085800"
PLATE_SIGN = "岚"
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def resident_check(first17: str) -> str:
    """The last character of a resident id (GB 11643, ISO 7064 mod 11-2)."""
    return RESIDENT_CHECKS[sum(int(d) * w for d, w in zip(first17, RESIDENT_WEIGHTS, strict=True)) % 11]


def credit_check(first17: str) -> str:
    """The last character of a unified social credit code (GB 32100, mod 31)."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return CREDIT_ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """The last character of an organisation code (GB 11714, mod 11; letters count as 10 … 35)."""
    total = sum(int(c, 36) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def luhn_check(body: str) -> str:
    """The digit that makes a number pass Luhn's test (ISO/IEC 7812-1, annex B)."""
    return str(-sum(_doubled(int(d)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(body))) % 10)


def _doubled(digit: int) -> int:
    return 2 * digit - 9 * (digit > 4)


# --- whole columns ---------------------------------------------------------------------------------------------------


def _parts(width: int, weights: tuple[int, ...]) -> Ints:
    """Weighted digit sums of all numbers of this width."""
    numbers = np.arange(10**width)
    digits = [numbers // 10 ** (width - 1 - i) % 10 for i in range(width)]
    return sum((d * w for d, w in zip(digits, weights, strict=True)), start=np.zeros(len(numbers), dtype=np.int64))


def resident_numbers(region: Ints, ymd: Ints, sequence: Ints) -> tuple[Ints, Ints]:
    """First 17 digits and index of the check character (into RESIDENT_CHECKS) of many resident ids.

    Region: 6 digits; ymd: date as a number; sequence: 0–999, odd for men.
    """
    w = RESIDENT_WEIGHTS
    high, low = _parts(3, w[:3]), _parts(3, w[3:6])
    years, days = _parts(4, w[6:10]), _parts(4, w[10:14])
    total = high[region // 1000] + low[region % 1000] + years[ymd // 10000] + days[ymd % 10000]
    total += _parts(3, w[14:])[sequence]
    return region * 10**11 + ymd * 1000 + sequence, total % 11


def card_numbers(index: Ints) -> Ints:
    """The 13 digits after the prefix, check digit last, of the card of each index (0 … 10¹²): 19 digits in all."""
    scattered = (index * 387_420_489 + 271_828_183) % 10**12
    fixed = sum(_doubled(int(d)) if i % 2 else int(d) for i, d in enumerate(CARD_PREFIX))
    total = np.full(len(index), fixed, dtype=np.int64)
    for place in range(12):  # from the right: the digit next to the check digit is doubled
        digit = scattered // 10**place % 10
        total += np.where(place % 2 == 0, np.where(digit > 4, 2 * digit - 9, 2 * digit), digit)
    return scattered * 10 + (-total % 10)


def phone_numbers(index: Ints) -> Ints:
    """A phone number of each index, all different (index 0 … 4 × 10⁸)."""
    segment = np.array(PHONE_SEGMENTS)[index % 4]
    return segment * 10**8 + (index // 4 * 48_271_003 + 15_485_863) % 10**8


def credit_codes(index: Ints, region: Ints, office: str) -> list[str]:
    """A credit code of each index (0 … 10⁸); `office` is its first two characters (91 firm, 93 co-operative, 11 organ)."""
    body = (index * 7_368_787 + 1_299_709) % 10**8
    organisation = -_weighted(body, 8, ORGANISATION_WEIGHTS) % 11
    first16 = (int(office) * 10**6 + region) * 10**8 + body
    powers = tuple(pow(3, i, 31) for i in range(17))
    last = np.where(organisation == 10, CREDIT_ALPHABET.index("X"), organisation)
    check = -(_weighted(first16, 16, powers) + last * powers[16]) % 31
    rows = zip(first16.tolist(), organisation.tolist(), check.tolist(), strict=True)
    return [f"{first:016d}{'0123456789X'[o]}{CREDIT_ALPHABET[c]}" for first, o, c in rows]


def _weighted(number: Ints, width: int, weights: tuple[int, ...]) -> Ints:
    """Weighted sum of the digits of each number, the first digit with the first weight."""
    return sum((number // 10 ** (width - 1 - i) % 10 * weights[i] for i in range(width)), start=np.zeros_like(number))
