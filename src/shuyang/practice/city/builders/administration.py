"""The administration: districts, departments, staff."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city import identifiers
from shuyang.practice.city.builders.firms import STAFF_PHONES_FROM
from shuyang.practice.city.builders.people import name_sql, phone_column
from shuyang.practice.city.calendar import DAYS, day_number
from shuyang.practice.city.draws import Draws, Ints
from shuyang.practice.city.names import given_names, surnames
from shuyang.practice.city.places import CITY, CITY_REGION, DISTRICTS, Map
from shuyang.practice.city.store import Store, day, pick

# Short name, rest of the full name after the city's, staff in a city of 20,000 (grows with the root of the size).
CITY_DEPARTMENTS = (
    ("市政府办", "人民政府办公室", 14), ("发改委", "发展和改革委员会", 12), ("教育局", "教育局", 13),
    ("科技局", "科学技术局", 7), ("工信局", "工业和信息化局", 9), ("公安局", "公安局", 30),
    ("民政局", "民政局", 12), ("司法局", "司法局", 9), ("财政局", "财政局", 12),
    ("人社局", "人力资源和社会保障局", 16), ("自然资源局", "自然资源和规划局", 15), ("生态环境局", "生态环境局", 10),
    ("住建局", "住房和城乡建设局", 14), ("交通局", "交通运输局", 12), ("水务局", "水务局", 8),
    ("农业农村局", "农业农村局", 10), ("商务局", "商务局", 7), ("文旅局", "文化和旅游局", 8),
    ("卫健委", "卫生健康委员会", 13), ("退役军人局", "退役军人事务局", 6), ("应急局", "应急管理局", 9),
    ("审计局", "审计局", 7), ("市场监管局", "市场监督管理局", 18), ("体育局", "体育局", 5), ("统计局", "统计局", 6),
    ("医保局", "医疗保障局", 11), ("信访局", "信访局", 5), ("城管局", "城市管理局", 12),
    ("机关事务局", "机关事务管理局", 9), ("数据局", "数据局", 10), ("政务服务局", "政务服务管理局", 12),
    ("残联", "残疾人联合会", 5), ("税务局", "税务局", 14), ("公积金中心", "住房公积金管理中心", 7),
)  # fmt: skip
POSTS = ("科员", "科长", "副科长", "窗口人员", "技术人员", "科员")


@dataclass
class Administration:
    """Departments by index (city departments first, then districts, then sub-districts) and staff, one row each.
    Hired and left: day numbers; left −1: still there."""

    short: tuple[str, ...]
    staff_department: Ints
    hired: Ints
    left: Ints
    staff_of: dict[int, Ints]

    def index(self, short: str) -> int:
        """The department of this short name."""
        return self.short.index(short)


def draw_administration(draws: Draws, places: Map, residents: int) -> Administration:
    """Departments and their staff."""
    growth = max(1.0, (residents / 20_000) ** 0.5)
    city = [round(size * growth) for _, _, size in CITY_DEPARTMENTS]
    local = [round(9 * growth)] * len(DISTRICTS) + [round(5 * min(growth, 3))] * len(places.subdistricts)
    short = (*[s for s, _, _ in CITY_DEPARTMENTS], *[d[0] + "政府办" for d in DISTRICTS], *places.subdistricts)
    department = np.repeat(np.arange(len(short)), city + local)
    n = len(department)
    hired = day_number("2025-06-01") - draws.exponential("staff/hired", n, 3000).astype(np.int64)
    hired = np.maximum(hired, day_number("1988-07-01"))
    left = np.where(draws.chance("staff/leaves", n, 0.05), draws.below("staff/left", n, DAYS), -1)
    left = np.where(left > hired, left, -1)
    ends = np.searchsorted(department, np.arange(len(short) + 1))
    at_work = {d: np.arange(ends[d], ends[d + 1])[left[ends[d] : ends[d + 1]] < 0] for d in range(len(short))}
    return Administration(short, department, hired, left, at_work)


def write_administration(store: Store, draws: Draws, places: Map, admin: Administration) -> None:
    """The tables `district`, `subdistrict`, `department`, `staff`."""
    store.write_rows("district", [(i + 1, n, str(c), r) for i, (n, c, _, r) in enumerate(DISTRICTS)])
    store.write_rows("subdistrict", [
        (i + 1, int(places.district_of[i]) + 1, name, bool(places.rural[i]))
        for i, name in enumerate(places.subdistricts)
    ])  # fmt: skip
    store.write_rows("department", _departments(places, admin))
    _staff(store, draws, admin)


def _departments(places: Map, admin: Administration) -> list[tuple[object, ...]]:
    city, districts = len(CITY_DEPARTMENTS), len(DISTRICTS)
    size = np.bincount(admin.staff_department, minlength=len(admin.short))
    codes = identifiers.credit_codes(np.arange(len(admin.short)), np.full(len(admin.short), CITY_REGION), "11")
    found: list[tuple[object, ...]] = []
    for i, short in enumerate(admin.short):
        district: int | None = None
        subdistrict: int | None = None
        if i < city:
            name, level = CITY + CITY_DEPARTMENTS[i][1], "市级部门"
        elif i < city + districts:
            district, level = i - city + 1, "区县"
            name = f"{CITY}{DISTRICTS[i - city][0]}人民政府办公室"
        else:
            subdistrict, level = i - city - districts + 1, "街道乡镇"
            district = int(places.district_of[subdistrict - 1]) + 1
            name = f"{CITY}{DISTRICTS[district - 1][0]}{short}办事处".replace("镇办事处", "镇人民政府")
        found.append((i + 1, name, short, level, district, subdistrict, codes[i], int(size[i])))
    return found


def _staff(store: Store, draws: Draws, admin: Administration) -> None:
    n = len(admin.staff_department)
    age = 26 + draws.below("staff/age", n, 33)
    male = draws.chance("staff/male", n, 0.54)
    names = given_names(draws, "staff/name", surnames(draws, "staff/surname", n), male, 2025 - age)
    store.words("posts", POSTS)
    columns = {
        "i": np.arange(n), "department": admin.staff_department, "surname": names.surname, "first": names.first,
        "second": names.second, "post": draws.choice("staff/post", n, [0.42, 0.1, 0.12, 0.2, 0.1, 0.06]),
        "phone": phone_column(STAFF_PHONES_FROM + np.arange(n)), "hired": admin.hired, "gone": admin.left,
    }  # fmt: skip
    store.write("staff", columns, {
        "staff_id": "i + 1", "department_id": "department + 1", "name": name_sql(), "post": pick("posts", "post"),
        "hired_on": "DATE '2024-01-01' + CAST(hired AS INTEGER)", "left_on": day("gone"),
    })  # fmt: skip
