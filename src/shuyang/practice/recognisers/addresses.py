"""Addresses: a chain of places that gets narrower, down to a house."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuyang.practice.recognisers.found import Found, Kind

# A character of a place name: none of the particles that lead up to an address, no mark, no digit.
_WORD = r"(?:(?![在到至于由从是的了与给为])[\u4e00-\u9fff])"
_AREA = rf"{_WORD}{{1,7}}?(?:省|自治区|特别行政区|市|区|县|旗|街道|镇|乡|开发区)"
_ROAD = rf"{_WORD}{{1,6}}?(?:大道|路|街|巷|弄|道|胡同)"
_HOUSE = r"[0-9０-９一二三四五六七八九十]{1,5}(?:号|弄)(?:院|楼)?"
_ESTATE = (
    rf"{_WORD}{{2,7}}?(?:小区|花园|家园|新村|雅苑|公寓|华庭|名邸|苑|里|城|广场|大厦|中心|村|社区|园)(?![\u4e00-\u9fff])"
)
# What leads up to an address may be caught in its first part: it is cut off again.
LEAD = re.compile(
    r".*(?:反映|先生|女士|同志|老师|居住|现住|家住|常住|住址|地址|位于|送往|寄往|寄送|搬入|前往|来自|户籍|坐落|登记|拟对|针对|关于|对|住|址)"
)
_INSIDE = (
    r"(?:[0-9A-Za-z]{1,4}(?:幢|栋|号楼|座|组)(?:[0-9]{1,4}号)?|[0-9]{1,2}单元|[0-9]{1,5}室|[0-9]{1,2}层|"
    r"[0-9]{1,3}-[0-9]{1,2}-[0-9]{1,5})"
)
ADDRESS = re.compile(
    rf"(?:{_AREA}){{0,4}}(?:(?:{_ROAD}{_HOUSE}|{_ROAD})(?:{_ESTATE})?|{_ESTATE})(?:{_HOUSE})?(?:{_INSIDE})*"
)
NARROW = re.compile(rf"{_HOUSE}|{_INSIDE}")
AREAS = re.compile(_AREA)
FIRST = re.compile(rf"{_AREA}|{_ROAD}|{_ESTATE}")


def addresses(text: str) -> Iterator[Found]:
    """Chains of places that name a house, a flat or a group; a bare road or district is no address."""
    for match in ADDRESS.finditer(text):
        start = match.start() + _lead(match[0])
        chain = text[start : match.end()]
        if NARROW.search(chain) and len(chain) >= 6 and _rooted(chain):
            yield Found(Kind.ADDRESS, start, match.end(), False)


def _lead(chain: str) -> int:
    """Length of what leads up to the address within its first part."""
    first = FIRST.match(chain)
    lead = LEAD.match(chain, 0, first.end() - 1) if first else None
    return lead.end() if lead else 0


def _rooted(chain: str) -> bool:
    """Does it begin with an area, or name both a road with a number and something inside?"""
    return bool(AREAS.match(chain)) or len(NARROW.findall(chain)) >= 2
