"""The map of 云川市 in the invented province 岚江省: districts, sub-districts, roads, communities, villages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.draws import Draws, Floats, Ints

PROVINCE, CITY = "岚江省", "云川市"
CITY_REGION = 580100
# Name, six-digit region code (58: no province has it), share of the residents, is it rural.
DISTRICTS = (
    ("云台区", 580102, 0.30, False),
    ("川汇区", 580103, 0.26, False),
    ("临江区", 580104, 0.20, False),
    ("青屏县", 580121, 0.14, True),
    ("禾丰县", 580122, 0.10, True),
)
_HEADS = "望锦安和丰清明永新长文景泰兴云凤龙石桃柳梅竹松荷枫银星晨月"
_TAILS = "江山湖桥河园台溪泉湾岭塘洲坪坡峰"
_ROADS = ["路", "街", "大道", "巷"]
_COMMUNITIES = ["花园", "家园", "新村", "雅苑", "公寓", "小区", "华庭", "名邸", "里", "苑"]
# Residents for whom one sub-district office serves.
RESIDENTS_A_SUBDISTRICT = 4000
MOST_SUBDISTRICTS = 90
ROADS_A_SUBDISTRICT, COMMUNITIES_A_SUBDISTRICT = 6, 14


@dataclass(frozen=True)
class Map:
    """Places by index; `community` and `road` are stored per sub-district in equal numbers."""

    subdistricts: tuple[str, ...]
    district_of: Ints  # sub-district → index into DISTRICTS
    rural: Ints  # 1 where villages, 0 where communities
    share: Floats  # of the residents
    roads: tuple[str, ...]
    communities: tuple[str, ...]

    def region(self, subdistrict: Ints) -> Ints:
        """Region code of the district in which a sub-district lies."""
        return np.array([code for _, code, _, _ in DISTRICTS])[self.district_of[subdistrict]]


def draw_map(draws: Draws, residents: int) -> Map:
    """The map of a city of this size."""
    total = int(np.clip(residents // RESIDENTS_A_SUBDISTRICT, 10, MOST_SUBDISTRICTS))
    counts = [max(1, round(total * share)) for _, _, share, _ in DISTRICTS]
    district = np.repeat(np.arange(len(DISTRICTS)), counts)
    n = len(district)
    rural = np.array([DISTRICTS[d][3] for d in district]) & draws.chance("map/rural", n, 0.75)
    weight = draws.lognormal("map/share", n, 1.0, 0.35) * np.array([DISTRICTS[d][2] for d in district])
    weight /= np.array(counts)[district]
    words = _words(draws, "map/names", n * (1 + ROADS_A_SUBDISTRICT))
    names = tuple(w + ("镇" if r else "街道") for w, r in zip(words, rural, strict=False))
    roads = tuple(
        word + _ROADS[i % 4]
        for word, i in zip(words[n:], draws.below("map/road", n * ROADS_A_SUBDISTRICT, 4).tolist(), strict=True)
    )
    return Map(names, district, rural.astype(np.int64), weight / weight.sum(), roads, _dwellings(draws, rural))


def _dwellings(draws: Draws, rural: np.ndarray) -> tuple[str, ...]:
    """Communities in town, villages in the country."""
    n = len(rural) * COMMUNITIES_A_SUBDISTRICT
    words, kinds = _words(draws, "map/communities", n), draws.below("map/community", n, len(_COMMUNITIES))
    country = np.repeat(rural, COMMUNITIES_A_SUBDISTRICT)
    return tuple(w + ("村" if c else _COMMUNITIES[k]) for w, c, k in zip(words, country, kinds.tolist(), strict=True))


def _words(draws: Draws, name: str, n: int) -> list[str]:
    """n place names, different as long as pairs of characters suffice, then with a direction before them."""
    pairs = [a + b for a in _HEADS for b in _TAILS]
    order = draws.order(name, len(pairs)).tolist()
    prefix = ("", "东", "西", "南", "北", "上", "下", "新", "老", "中")
    return [prefix[i // len(pairs) % len(prefix)] + pairs[order[i % len(pairs)]] for i in range(n)]
