"""The policies of the city and what they mean, as conditions over the true data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.builders.homes import Homes
from shuyang.practice.city.builders.households import CHILD, GRANDCHILD, HEAD
from shuyang.practice.city.builders.people import EMPLOYED, FARMER, JOBLESS, STUDENT, TRADER, People
from shuyang.practice.city.draws import Flags

Condition = Callable[[People, Homes], Flags]


@dataclass(frozen=True)
class Policy:
    """`rule`: whom it means; `near`: who is close to it and is screened, too; `take_up`: who of those meant gets it."""

    name: str
    department: str
    conditions: str
    benefit: str
    amount: int
    rule: Condition
    near: Condition
    take_up: float


def _alive(p: People) -> Flags:
    return p.died < 0


def _poor(p: People, h: Homes) -> Flags:
    return h.poor[p.household]


def _alone(p: People, h: Homes) -> Flags:
    """Lives alone, or only with others past seventy."""
    young = np.bincount(p.household[(p.years < 70) & _alive(p)], minlength=len(h.members)) > 0
    return ~young[p.household]


# What the written policies mean: full years at the city's today, incomes as in the tables of residents and households.
POLICIES: tuple[Policy, ...] = (
    Policy(
        "高龄津贴", "民政局", "本市户籍，年满 80 周岁，健在。", "按月发放津贴", 100,
        lambda p, h: p.local & (p.years >= 80) & _alive(p), lambda p, h: p.years >= 78, 0.86,
    ),
    Policy(
        "独居老人探访关爱", "民政局", "居住在本市，年满 75 周岁，独居或只与 70 周岁以上老人同住，健在。", "每周上门探访", 0,
        lambda p, h: (p.years >= 75) & _alone(p, h) & _alive(p), lambda p, h: p.years >= 73, 0.55,
    ),
    Policy(
        "困难残疾人生活补贴", "残联", "本市户籍，残疾等级为一级至四级，家庭人均月收入低于 640 元，健在。", "按月发放补贴", 120,
        lambda p, h: p.local & (p.disability > 0) & _poor(p, h) & _alive(p), lambda p, h: p.disability > 0, 0.7,
    ),
    Policy(
        "重度残疾人护理补贴", "残联", "本市户籍，残疾等级为一级或二级，健在。", "按月发放补贴", 150,
        lambda p, h: p.local & np.isin(p.disability, (1, 2)) & _alive(p), lambda p, h: p.disability > 0, 0.74,
    ),
    Policy(
        "毕业生租房补贴", "住建局", "年龄不满 35 周岁，本科以上学历，在企业工作，家庭住房为租赁。不限户籍。", "按月发放补贴", 400,
        lambda p, h: (p.years < 35) & (p.education >= 5) & (p.firm >= 0) & (h.housing[p.household] == 1) & _alive(p),
        lambda p, h: (p.years < 40) & (p.education >= 4), 0.5,
    ),
    Policy(
        "失业人员技能培训补贴", "人社局", "失业，年龄 18 至 55 周岁。不限户籍。", "培训费补贴", 0,
        lambda p, h: (p.occupation == JOBLESS) & (p.years >= 18) & (p.years <= 55) & _alive(p),
        lambda p, h: (p.occupation == JOBLESS), 0.36,
    ),
    Policy(
        "困难学生资助", "教育局", "在校学生，家庭人均月收入低于 640 元。不限户籍。", "按月资助", 200,
        lambda p, h: (p.occupation == STUDENT) & _poor(p, h) & _alive(p),
        lambda p, h: (p.occupation == STUDENT) & np.isin(p.role, (HEAD, CHILD, GRANDCHILD)), 0.66,
    ),
    Policy(
        "慢性病用药保障", "医保局", "慢性病患者，年满 60 周岁，参加养老保险或家庭人均月收入低于 640 元。不限户籍。",
        "门诊用药报销", 0,
        lambda p, h: p.chronic & (p.years >= 60) & ((p.insurance > 0) | _poor(p, h)) & _alive(p),
        lambda p, h: p.chronic & (p.years >= 55), 0.6,
    ),
    Policy(
        "创业担保贷款贴息", "人社局", "个体经营或务农，年龄 20 至 60 周岁，个人月收入低于 8000 元。不限户籍。", "贷款贴息", 0,
        lambda p, h: np.isin(p.occupation, (TRADER, FARMER)) & (p.years >= 20) & (p.years <= 60) & (p.income < 8000) & _alive(p),
        lambda p, h: np.isin(p.occupation, (TRADER, FARMER, EMPLOYED)) & (p.years < 62) & (p.years > 18), 0.12,
    ),
)  # fmt: skip

# Conditions that no policy asks for, but a screening rule may have slipped in: short name, whom it lets through.
CONDITIONS: tuple[tuple[str, Condition], ...] = (
    ("须有政务平台实名账号", lambda p, h: p.account),
    ("须有手机号", lambda p, h: p.phone >= 0),
    ("须为本市户籍", lambda p, h: p.local),
    ("须有社会保障卡关联的银行卡", lambda p, h: p.card >= 0),
)
# Policies that the system screens, and where each of those conditions does harm without being in the text.
SCREENED = (1, 5, 6, 7)
