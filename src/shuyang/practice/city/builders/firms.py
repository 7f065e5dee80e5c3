"""Firms: how many people each employs (heavy-tailed), industry, names, money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city import identifiers
from shuyang.practice.city.builders.people import People, phone_column
from shuyang.practice.city.calendar import day_number
from shuyang.practice.city.draws import Draws, Floats, Ints
from shuyang.practice.city.places import CITY, DISTRICTS, ROADS_A_SUBDISTRICT, Map
from shuyang.practice.city.store import Store, pick

FIRMS_A_RESIDENT = 0.055
KINDS = ("有限责任公司", "个体工商户", "农民专业合作社")
# Industry: words of its firms, shops and their weight; revenue a head in ten thousand yuan.
INDUSTRIES = (
    ("批发和零售业", "商贸", "超市", 0.27, 62), ("住宿和餐饮业", "餐饮管理", "面馆", 0.15, 21),
    ("制造业", "机械制造", "加工坊", 0.14, 88), ("建筑业", "建筑工程", "装饰店", 0.08, 55),
    ("交通运输业", "物流", "货运部", 0.07, 40), ("居民服务业", "家政服务", "理发店", 0.09, 16),
    ("信息技术服务业", "信息技术", "电脑店", 0.05, 46), ("租赁和商务服务业", "企业管理咨询", "图文店", 0.06, 38),
    ("农林牧渔业", "农业发展", "农资店", 0.04, 24), ("教育培训", "教育科技", "文具店", 0.03, 19),
    ("卫生和社会工作", "健康管理", "药店", 0.015, 33), ("房地产业", "置业", "房产中介部", 0.005, 120),
)  # fmt: skip
STATUS = ("存续", "注销", "吊销")
_BRAND = "恒瑞鼎盛汇诚润泽嘉信达远众联旭辰启腾博远航锦程宏图卓越茂源聚力亿佳凯旋格林百川康乐美好味鲜香顺兴隆福满"
# Phone numbers of firms and staff begin where those of residents can't reach.
PHONES_FROM, STAFF_PHONES_FROM = 100_000_000, 200_000_000


@dataclass
class Firms:
    """One row a firm. Founded: day number, before the books negative."""

    kind: Ints
    industry: Ints
    weight: Floats
    subdistrict: Ints
    founded: Ints
    employees: Ints
    revenue: Floats
    legal: Ints

    def __len__(self) -> int:
        return len(self.kind)


def firm_weights(draws: Draws, residents: int) -> tuple[Ints, Floats]:
    """Kind and drawing power as an employer: few firms employ most people (Pareto tail with exponent 1.25)."""
    n = max(40, int(residents * FIRMS_A_RESIDENT))
    kind = draws.choice("firm/kind", n, [0.36, 0.60, 0.04])
    pareto = (1 - draws.uniform("firm/size", n)) ** (-1 / 1.25)
    scale = np.array([3.0, 0.8, 2.0])[kind]
    return kind, np.minimum(scale * pareto, 0.02 * residents)


def draw_firms(draws: Draws, places: Map, kind: Ints, weight: Floats, people: People) -> Firms:
    """The firms, with those who work there counted."""
    n = len(kind)
    industry = np.where(kind == 2, 8, draws.choice("firm/industry", n, [i[3] for i in INDUSTRIES]))
    employees = np.bincount(people.firm[people.firm >= 0], minlength=n)
    a_head = np.array([float(i[4]) for i in INDUSTRIES])[industry] * np.where(kind == 1, 0.45, 1.0)
    revenue = (employees + 1) * a_head * np.exp(0.7 * draws.normal("firm/revenue", n))
    age = draws.exponential("firm/age", n, 6.5 * 365)
    founded = np.maximum(day_number("2025-12-20") - age.astype(np.int64), day_number("1986-01-01"))
    able = np.flatnonzero((people.age > 23) & (people.age < 72) & (people.died < 0))
    legal = able[draws.below("firm/legal", n, len(able))]
    home = people.subdistrict[legal]
    elsewhere = draws.choice("firm/subdistrict", n, places.share)
    subdistrict = np.where(draws.chance("firm/at home", n, 0.45), home, elsewhere)
    return Firms(kind, industry, weight, subdistrict, founded, employees, revenue, legal)


def write_firms(store: Store, firms: Firms, places: Map, draws: Draws) -> None:
    """The table `firm`."""
    n = len(firms)
    margin = np.clip(0.028 * np.exp(0.6 * draws.normal("firm/tax", n)), 0.001, 0.12)
    tax = np.where((firms.kind == 1) & (firms.revenue < 120), 0.0, firms.revenue * margin)
    gone = draws.choice("firm/status", n, [0.91, 0.075, 0.015])
    columns = {
        "i": np.arange(n), "kind": firms.kind, "industry": firms.industry, "founded": firms.founded,
        "subdistrict": firms.subdistrict, "legal": firms.legal, "employees": firms.employees, "tax": tax.round(2),
        **name_columns(firms, np.arange(n)), "revenue": firms.revenue.round(2),
        "road": firms.subdistrict * ROADS_A_SUBDISTRICT + draws.below("firm/road", n, ROADS_A_SUBDISTRICT),
        "house": 1 + draws.below("firm/house", n, 320), "gone": np.where(firms.employees > 0, 0, gone),
        "capital": np.array([5, 10, 20, 50, 100, 200, 500, 1000, 5000])[
            np.clip((2.2 * draws.normal("firm/capital", n) + 3 + np.log1p(firms.employees)).astype(int), 0, 8)],
        "phone": phone_column(PHONES_FROM + np.arange(n)),
        "code": np.array(_codes(firms, places), dtype=object),
    }  # fmt: skip
    store.write("firm", columns, {
        "firm_id": "i + 1", "name": firm_name_sql(), "credit_code": "code", "kind": pick("firm_kinds", "kind"),
        "industry": pick("industries", "industry"), "subdistrict_id": "subdistrict + 1",
        "address": f"{pick('map_places', 'subdistrict')} || {pick('map_roads', 'road')} || house || '号'",
        "founded_on": "DATE '2024-01-01' + CAST(founded AS INTEGER)", "legal_resident_id": "legal + 1",
        "tax_paid": "tax", "status": pick("firm_status", "gone"),
    })  # fmt: skip


def words_of_firms(store: Store, places: Map) -> None:
    """Word lists for firms and addresses."""
    district = [DISTRICTS[d][0] for d in places.district_of]
    for name, words in (
        ("firm_kinds", KINDS), ("industries", [i[0] for i in INDUSTRIES]), ("trades", [i[1] for i in INDUSTRIES]),
        ("shops", [i[2] for i in INDUSTRIES]), ("brands", list(_BRAND)), ("firm_status", STATUS),
        ("map_places", [f"{CITY}{d}{s}" for d, s in zip(district, places.subdistricts, strict=True)]),
        ("map_districts", district), ("map_roads", places.roads), ("map_communities", places.communities),
    ):  # fmt: skip
        store.words(name, words)


def _codes(firms: Firms, places: Map) -> list[str]:
    """Credit codes; co-operatives have an own second character."""
    region = places.region(firms.subdistrict)
    index = np.arange(len(firms))
    plain, own = identifiers.credit_codes(index, region, "91"), firms.kind
    others = {k: identifiers.credit_codes(index[own == k], region[own == k], o) for k, o in ((1, "92"), (2, "93"))}
    for k, codes in others.items():
        for i, code in zip(np.flatnonzero(own == k).tolist(), codes, strict=True):
            plain[i] = code
    return plain


def name_columns(firms: Firms, rows: Ints) -> dict[str, np.ndarray]:
    """The columns from which `firm_name_sql` writes the names of these firms."""
    brand = (rows * 7_919 + 31) % len(_BRAND) ** 3
    own = {"firm_kind": firms.kind, "firm_industry": firms.industry, "firm_place": firms.subdistrict}
    return {"brand": brand, **{name: column[rows] for name, column in own.items()}}


def firm_name_sql() -> str:
    """SQL of a firm's name; different for every firm."""
    size = len(_BRAND)
    brand = " || ".join(pick("brands", f"(brand // {size**k}) % {size}") for k in (2, 1, 0))
    place, trade = pick("map_districts", "firm_place"), pick("trades", "firm_industry")
    return (
        f"CASE firm_kind WHEN 0 THEN '云川' || {brand} || {trade} || '有限公司' "
        f"WHEN 1 THEN {place} || {brand} || {pick('shops', 'firm_industry')} ELSE {place} || {brand} || '种植专业合作社' END"
    )
