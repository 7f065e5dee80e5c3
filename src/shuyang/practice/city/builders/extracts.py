"""The departments' own tables of people, and which resident each record is of (kept with the truths)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shuyang.practice.city.builders.firms import Firms, firm_name_sql, name_columns
from shuyang.practice.city.builders.homes import Homes
from shuyang.practice.city.builders.people import EMPLOYED, RETIRED, STUDENT, People, name_sql, phone_column
from shuyang.practice.city.builders.records import Errors, chosen, columns, shared_sql
from shuyang.practice.city.calendar import DAYS, day_number
from shuyang.practice.city.draws import Draws, Ints
from shuyang.practice.city.places import DISTRICTS, Map
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.schema import TABLES
from shuyang.practice.city.store import Store, pick
from shuyang.practice.city.truths import Truth

ERRORS = {
    "police_register": Errors(wrong_name=0.0, old_address=0.12),
    "social_insured": Errors(0.05, 0.004, 0.008, 0.012, 0.8, 0.06, 0.18, 0.16, twice=0.02, poor_names=True),
    "medical_insured": Errors(0.01, 0.006, 0.006, 0.010, 0.5, 0.05, 0.14, 0.12, 0.015, 0.01),
    "civil_aid": Errors(0.03, 0.02, 0.02, 0.02, 0.6, old_address=0.06, poor_names=True),
    "disabled_register": Errors(0.04, 0.01, 0.01, 0.015, 0.7, 0.1, 0.25, 0.2),
    "school_roll": Errors(0.0, 0.03, 0.012, 0.02, 0.3, 0.02, 0.1, 0.1, 0.02),
    "property_register": Errors(0.14, 0.02, 0.01, 0.01, 0.9, old_address=0.05, poor_names=True),
}
PREFIXES = {
    "police_register": "HJ", "social_insured": "SB", "medical_insured": "YB", "civil_aid": "JZ",
    "disabled_register": "CL", "school_roll": "XJ", "property_register": "FC",
}  # fmt: skip
CHRONIC = ("高血压", "糖尿病", "冠心病", "慢性阻塞性肺疾病", "脑卒中后遗症", "恶性肿瘤", "慢性肾病")
DISABILITIES = ("肢体", "视力", "听力", "言语", "智力", "精神", "多重")
GRADES = (*(f"小学{n}年级" for n in "一二三四五六"), "初一", "初二", "初三", "高一", "高二", "高三")
EVENTS = ("健步走", "半程马拉松", "羽毛球", "广场舞", "太极拳", "乒乓球")
DEFAULT_BIRTH = 1  # 1900-01-02 in days since 1900-01-01: a date of birth that someone entered for want of another


class Extracts:
    """Writes the extracts one by one; keeps what is needed for each."""

    def __init__(
        self, store: Store, draws: Draws, plan: Plan, places: Map, people: People, homes: Homes, firms: Firms
    ) -> None:
        self.store, self.draws, self.plan, self.places = store, draws, plan, places
        self.people, self.homes, self.firms = people, homes, firms

    def write(self) -> tuple[Truth, ...]:
        """All of them; returns what was planted."""
        self._words()
        steps: tuple[Callable[[], None], ...] = (
            self._police, self._social, self._medical, self._aid, self._disabled, self._school, self._property, self._club,
        )  # fmt: skip
        for step in steps:
            step()
        return (self._default_dates(),)

    def _words(self) -> None:
        schools = [
            f"{s[:-1] if s.endswith('镇') else s[:-2]}{kind}"
            for s in self.places.subdistricts
            for kind in ("小学", "初级中学")
        ]
        for name, words in (
            ("chronic", CHRONIC), ("disabilities", DISABILITIES), ("grades", GRADES), ("events_of_clubs", EVENTS),
            ("schools", [*schools, "云川市第一中学", "云川市第二中学", "云川市职业高中"]),
            ("subdistricts", self.places.subdistricts),
        ):  # fmt: skip
            self.store.words(name, words)

    def _records(self, name: str, residents: Ints) -> tuple[Ints, dict[str, np.ndarray]]:
        errors = ERRORS[name]
        rows = chosen(self.draws, name, residents, errors.twice)
        return rows, columns(self.draws, name, self.people, self.homes, rows, errors)

    def _put(self, name: str, given: dict[str, np.ndarray], sql: dict[str, str]) -> None:
        number = f"'{PREFIXES[name]}' || right(CAST(100000000 + i + 1 AS VARCHAR), 8)"
        fields = {f.name for f in TABLES[name].fields}
        shared = {field: text for field, text in shared_sql().items() if field in fields}
        self.store.write(name, given, {**shared, "record_no": number, **sql})
        self.store.answer(
            "matching", given, {"extract": f"'{name}'", "record_no": number, "resident_id": "resident + 1"}
        )

    def _police(self) -> None:
        p, d = self.people, self.draws
        rows, given = self._records("police_register", np.flatnonzero(p.local))
        gone = (p.died[rows] >= 0) & d.chance("police/cancelled", len(rows), 0.6)
        given |= {"former": p.former[rows], "gone": gone, "since": _long_ago(d, "police/since", len(rows), 4200)}
        self._put("police_register", given, {
            "former_name": f"CASE WHEN former >= 0 THEN {name_sql(second='former')} END", "registered_on": _date("since"),
            "status": "CASE WHEN gone THEN '死亡注销' ELSE '正常' END",
        })  # fmt: skip

    def _social(self) -> None:
        p, d = self.people, self.draws
        rows, given = self._records("social_insured", np.flatnonzero(p.insurance > 0))
        worker, retired = p.occupation[rows] == EMPLOYED, p.occupation[rows] == RETIRED
        months = np.where(
            worker | retired, np.clip((p.age[rows] - 22) * 9, 1, 420), np.clip((p.age[rows] - 16) * 5, 1, 300)
        )
        months = (months * (0.3 + 0.7 * d.uniform("social/months", len(rows)))).astype(int)
        given |= {
            "insured": p.insurance[rows], "firm": np.where(p.insurance[rows] == 2, p.firm[rows], -1), "retired": retired,
            "broken": d.chance("social/broken", len(rows), 0.09), "months": months,
            **name_columns(self.firms, np.maximum(p.firm[rows], 0)),
            "base": (np.clip(p.income[rows] * np.where(p.insurance[rows] == 2, 0.9, 0.3), 300, 24_000) / 10).astype(int) * 10,
        }  # fmt: skip
        self._put("social_insured", given, {
            "kind": "CASE insured WHEN 2 THEN '职工' ELSE '居民' END",
            "employer": f"CASE WHEN firm >= 0 THEN {firm_name_sql()} END",
            "status": "CASE WHEN retired THEN '退休' WHEN broken THEN '中断' ELSE '在职' END", "paid_months": "months",
            "pay_base": "base",
        })  # fmt: skip

    def _medical(self) -> None:
        p, d = self.people, self.draws
        n = len(p)
        rows, given = self._records("medical_insured", np.flatnonzero(d.chance("medical/insured", n, 0.94)))
        district = self.places.district_of[p.subdistrict[rows]]
        empty = (district == self.plan.default_district) & d.chance(
            "medical/default", len(rows), self.plan.default_share
        )
        given["birth"] = np.where(empty, DEFAULT_BIRTH, given["birth"])
        poor = self.homes.aided[p.household[rows]]
        given |= {
            "illness": np.where(p.chronic[rows], d.choice("medical/chronic", len(rows), [34, 22, 13, 8, 9, 6, 8]), -1),
            "payer": np.where(poor, 2, np.where(p.occupation[rows] == EMPLOYED, 0, 1)),
        }  # fmt: skip
        self._put("medical_insured", given, {
            "chronic_kind": f"CASE WHEN illness >= 0 THEN {pick('chronic', 'illness')} END",
            "paid_by": "CASE payer WHEN 0 THEN '单位' WHEN 1 THEN '个人' ELSE '财政资助' END",
        })  # fmt: skip

    def _default_dates(self) -> Truth:
        district = DISTRICTS[self.plan.default_district][0]
        return Truth(
            "default_value", f"医保参保登记中，{district}大量出生日期为默认值 1900-01-02。",
            {"table": "medical_insured", "field": "birth_date", "value": "1900-01-02", "share": round(self.plan.default_share, 2),
             "district_id": self.plan.default_district + 1},
        )  # fmt: skip

    def _aid(self) -> None:
        p, d = self.people, self.draws
        on_roll = self.homes.aided[p.household] & ((p.died < 0) | d.chance("aid/still", len(p), 0.7))
        rows, given = self._records("civil_aid", np.flatnonzero(on_roll))
        code = d.order("aid/household", len(self.homes.members))[p.household[rows]]
        need = np.maximum(640 - self.homes.income[p.household[rows]] // self.homes.members[p.household[rows]], 120)
        given |= {"family": code, "aid": need // 10 * 10, "since": _long_ago(d, "aid/since", len(rows), 1100)}
        self._put("civil_aid", given, {
            "household_no": "'JT' || right(CAST(100000000 + family AS VARCHAR), 8)",
            "monthly_aid": "aid", "since": _date("since"),
        })  # fmt: skip

    def _disabled(self) -> None:
        p, d = self.people, self.draws
        holders = (p.disability > 0) & d.chance("disabled/holder", len(p), 0.86)
        rows, given = self._records("disabled_register", np.flatnonzero(holders))
        given |= {
            "what": d.choice("disabled/kind", len(rows), [40, 14, 16, 4, 10, 11, 5]), "level": p.disability[rows],
            "since": _long_ago(d, "disabled/since", len(rows), 1400),
        }  # fmt: skip
        self._put("disabled_register", given, {
            "kind": pick("disabilities", "what"), "grade": "level", "issued_on": _date("since"),
        })  # fmt: skip

    def _school(self) -> None:
        p, d = self.people, self.draws
        start = p.age - 0.333  # age on 1 September
        pupil = (p.occupation == STUDENT) & (start >= 6) & (start < 18) & d.chance("school/enrolled", len(p), 0.975)
        rows, given = self._records("school_roll", np.flatnonzero(pupil))
        year = np.clip(start[rows].astype(int) - 6, 0, 11)
        home, towns = p.subdistrict[rows], len(self.places.subdistricts)
        high = 2 * towns + d.below("school/high", len(rows), 3)
        head = np.searchsorted(p.household, p.household[rows])
        parent = p.phone[head]
        given |= {"year": year, "school_": np.where(year < 6, home * 2, np.where(year < 9, home * 2 + 1, high)),
                  "guardian": phone_column(parent)}  # fmt: skip
        self._put("school_roll", given, {
            "school": pick("schools", "school_"), "grade": pick("grades", "year"),
            "guardian_phone": "CASE WHEN guardian > 0 THEN guardian END",
        })  # fmt: skip

    def _property(self) -> None:
        p, d = self.people, self.draws
        owns = (p.role == 0) & (self.homes.housing[p.household] == 0) & d.chance("property/registered", len(p), 0.9)
        rows, given = self._records("property_register", np.flatnonzero(owns))
        given |= {"size": self.homes.area[p.household[rows]], "since": _long_ago(d, "property/since", len(rows), 3300)}
        self._put("property_register", given, {"area": "size", "registered_on": _date("since")})

    def _club(self) -> None:
        """A public list with everything right: what someone who wants to re-identify people starts from."""
        p, d = self.people, self.draws
        joins = (p.age > 18) & (p.age < 80) & (p.died < 0) & d.chance("club/joins", len(p), 0.025)
        rows = np.flatnonzero(joins)
        rows = rows[d.order("club/order", len(rows))]
        given = {
            "i": np.arange(len(rows)), "resident": rows, "surname": p.names.surname[rows], "first": p.names.first[rows],
            "second": p.names.second[rows], "male": p.male[rows], "birth": p.birth[rows], "town": p.subdistrict[rows],
            "what": d.below("club/event", len(rows), len(EVENTS)),
        }  # fmt: skip
        shared = shared_sql()
        self.store.write("club_list", given, {
            "entry_no": "i + 1", "name": shared["name"], "sex": shared["sex"], "birth_date": shared["birth_date"],
            "subdistrict": pick("subdistricts", "town"), "event": pick("events_of_clubs", "what"),
        })  # fmt: skip
        self.store.answer(
            "matching",
            given,
            {"extract": "'club_list'", "record_no": "CAST(i + 1 AS VARCHAR)", "resident_id": "resident + 1"},
        )


def _long_ago(draws: Draws, name: str, n: int, mean: float) -> Ints:
    """Day numbers before today, exponentially, not before 1990."""
    back = draws.exponential(name, n, mean).astype(np.int64)
    return np.maximum(DAYS - 5 - back, day_number("1990-01-01"))


def _date(column: str) -> str:
    return f"DATE '2024-01-01' + CAST({column} AS INTEGER)"
