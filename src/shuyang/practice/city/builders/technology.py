"""Projects asked for, inventory, contractors with their people, and accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city import identifiers
from shuyang.practice.city.builders.administration import Administration
from shuyang.practice.city.builders.firms import Firms
from shuyang.practice.city.builders.people import id_sql, name_sql, phone_column
from shuyang.practice.city.builders.systems import TWINS, Systems
from shuyang.practice.city.calendar import DAYS, date_of, day_number
from shuyang.practice.city.draws import Draws, Flags, Ints
from shuyang.practice.city.names import given_names, surnames
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store, day, pick
from shuyang.practice.city.truths import Truth

CONTRACTS, PEOPLE_A_CONTRACT = 46, 4
SERVICES = ("开发", "运维", "数据处理", "安全服务")
ASSETS = ("服务器", "数据库许可", "存储", "网络设备", "安全设备")
ROLES = ("普通用户", "审核员", "管理员", "运维")
CONTRACTOR_PHONES_FROM = 250_000_000
# New ideas: department, name, functions, budget in ten thousand yuan.
WISHES = (
    ("教育局", "校园午餐监管平台", "食材溯源、后厨监控、家长查询", 180), ("水务局", "内涝智能预警系统", "雨量接入、积水预测、短信提醒", 260),
    ("文旅局", "古街客流分析项目", "客流统计、拥挤提示", 95), ("农业农村局", "大棚物联网示范", "温湿监测、远程控制", 140),
    ("应急局", "危化企业风险画像", "企业建档、风险评分、巡查派单", 210), ("城管局", "渣土车全程监管", "车辆定位、路线比对、违规抓拍", 190),
    ("卫健委", "慢病随访助手", "随访计划、结果录入、到期提醒", 120), ("民政局", "困境儿童关爱系统", "摸底建档、帮扶记录", 85),
    ("市场监管局", "电梯应急处置平台", "故障上报、救援派单", 110), ("交通局", "公交线网优化", "客流分析、线路仿真", 160),
)  # fmt: skip


@dataclass
class Accounts:
    """One row an account. `staff` and `person`: index or −1."""

    system: Ints
    staff: Ints
    person: Ints
    enabled: Flags
    last: Ints


def write_technology(
    store: Store, draws: Draws, plan: Plan, admin: Administration, systems: Systems, firms: Firms
) -> tuple[Accounts, tuple[Truth, ...]]:
    """The tables `it_project`, `it_asset`, `contractor`, `contractor_person`, `account`."""
    repeated = _projects(store, draws, plan, admin, systems)
    _assets(store, draws, systems)
    system, ends = _contracts(store, draws, systems, firms)
    gone = _people(store, draws, ends)
    accounts, ghosts = _accounts(store, draws, admin, systems, system, gone)
    return accounts, (repeated, ghosts)


def _projects(store: Store, draws: Draws, plan: Plan, admin: Administration, systems: Systems) -> Truth:
    """Wishes, upgrades, upkeep; and one proposal to build what another department has."""
    original, department, name, functions = TWINS[(plan.twin + 3) % len(TWINS)]
    wishes = [
        *WISHES,
        (department, name.replace("平台", "系统（一期）").replace("管理系统", "管理平台"), functions, 230),
    ]
    order = draws.order("project/order", len(wishes)).tolist()
    when, size = draws.below("project/when", 40, 60), draws.lognormal("project/size", 40, 1.0, 0.3)
    records = []
    for i, w in enumerate(order):
        unit, title, what, budget = wishes[w]
        records.append(
            (i + 1, admin.index(unit) + 1, title, "新建", None, what, round(budget * float(size[i]), 2), int(when[i]))
        )
    for k, s in enumerate(draws.order("project/systems", len(systems.name))[:16].tolist()):
        kind = "运行维护" if k % 2 else "升级改造"
        i = len(records)
        records.append((i + 1, systems.department[s] + 1, f"{systems.name[s]}{kind}", kind, s + 1, systems.functions[s],
                        round(90 * float(size[i]), 2), int(when[i])))  # fmt: skip
    start = day_number("2025-09-15")
    store.write_rows("it_project", [(*r[:7], date_of(start + r[7])) for r in records])
    return Truth(
        "duplicate_project", f"“{wishes[-1][1]}”拟建的功能，“{original}”已经有了。",
        {"project_id": order.index(len(wishes) - 1) + 1, "same_as_system": systems.index(original) + 1},
    )  # fmt: skip


def _assets(store: Store, draws: Draws, systems: Systems) -> None:
    counts = 2 + draws.below("asset/count", len(systems.name), 9)
    system = np.repeat(np.arange(len(counts)), counts)
    n = len(system)
    kind = draws.choice("asset/kind", n, [0.45, 0.16, 0.14, 0.13, 0.12])
    price = np.array([8.5, 16.0, 14.0, 5.0, 9.0])[kind] * draws.lognormal("asset/price", n, 1.0, 0.35)
    use = np.clip(100 * draws.uniform("asset/use", n) ** 1.9, 0.5, 97)
    store.words("asset_kinds", ASSETS)
    bought = day_number("2025-05-01") - draws.below("asset/bought", n, 2900)
    columns = {
        "i": np.arange(n),
        "s": system,
        "what": kind,
        "bought": bought,
        "price": price.round(2),
        "use": use.round(1),
    }
    store.write("it_asset", columns, {
        "asset_id": "i + 1", "system_id": "s + 1", "kind": pick("asset_kinds", "what"), "use_share": "use",
        "bought_on": "DATE '2024-01-01' + CAST(bought AS INTEGER)",
    })  # fmt: skip


def _contracts(store: Store, draws: Draws, systems: Systems, firms: Firms) -> tuple[Ints, Ints]:
    """System of each contract and the day on which it ends; a quarter of them have ended."""
    able = np.flatnonzero((firms.industry == 6) & (firms.kind == 0))
    able = able[np.argsort(-firms.weight[able], kind="stable")][:18]
    system = draws.below("contract/system", CONTRACTS, len(systems.name))
    ended = draws.chance("contract/ended", CONTRACTS, 0.26)
    ends = np.where(
        ended,
        DAYS - 40 - draws.below("contract/before", CONTRACTS, 200),
        DAYS + 30 + draws.below("contract/after", CONTRACTS, 600),
    )
    firm, length = (
        able[draws.below("contract/firm", CONTRACTS, len(able))],
        365 * (1 + draws.below("contract/years", CONTRACTS, 3)),
    )
    kind, amount = draws.below("contract/kind", CONTRACTS, 4), draws.lognormal("contract/amount", CONTRACTS, 48.0, 0.6)
    store.write_rows("contractor", [
        (i + 1, int(firm[i]) + 1, systems.department[int(system[i])] + 1, int(system[i]) + 1, SERVICES[int(kind[i])],
         date_of(int(ends[i] - length[i])), date_of(int(ends[i])), round(float(amount[i]), 2))
        for i in range(CONTRACTS)
    ])  # fmt: skip
    return system, ends


def _people(store: Store, draws: Draws, ends: Ints) -> Ints:
    """The day on which each contractor's person left, −1 if he is there."""
    contract = np.repeat(np.arange(CONTRACTS), PEOPLE_A_CONTRACT)
    n = len(contract)
    born, male = 1975 + draws.below("contractor/born", n, 28), draws.chance("contractor/male", n, 0.66)
    names = given_names(draws, "contractor/name", surnames(draws, "contractor/surname", n), male, born)
    date = born * 10000 + (1 + draws.below("contractor/month", n, 12)) * 100 + 1 + draws.below("contractor/day", n, 28)
    region = (identifiers.PROVINCE * 100 + 20 + draws.below("contractor/city", n, 9)) * 100 + 21
    sequence = (np.arange(n) * 2) % 1000 + male
    number, check = identifiers.resident_numbers(region, date, sequence)
    early = draws.chance("contractor/leaves", n, 0.14)
    left = np.where(
        early, np.minimum(ends[contract], DAYS) - 20 - draws.below("contractor/left", n, 90), ends[contract]
    )
    left = np.where(left < DAYS, left, -1)
    columns = {
        "i": np.arange(n), "c": contract, "surname": names.surname, "first": names.first, "second": names.second,
        "number": number, "checked": check, "phone": phone_column(CONTRACTOR_PHONES_FROM + np.arange(n)),
        "came": ends[contract] - 330 - draws.below("contractor/came", n, 30), "gone": left,
        "confidential": draws.chance("contractor/signed", n, 0.9),
    }  # fmt: skip
    store.write("contractor_person", columns, {
        "person_id": "i + 1", "contract_id": "c + 1", "name": name_sql(), "id_number": id_sql("number", "checked"),
        "arrived_on": "DATE '2024-01-01' + CAST(came AS INTEGER)", "left_on": day("gone"),
    })  # fmt: skip
    return left


def _accounts(
    store: Store, draws: Draws, admin: Administration, systems: Systems, contract_system: Ints, gone: Ints
) -> tuple[Accounts, Truth]:
    """Staff accounts as many as the system has users, contractors' accounts on the system of their contract."""
    staff_total, persons = len(admin.staff_department), len(gone)
    counts = np.minimum(systems.users, staff_total)
    system = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(system)) - np.repeat(np.cumsum(counts) - counts, counts)
    first = np.searchsorted(admin.staff_department, np.array(systems.department))  # the own department comes first
    staff = (first[system] + within) % staff_total
    left, n = admin.left[staff], len(system)
    last = DAYS - 1 - draws.exponential("account/last", n, 25).astype(int)
    last = np.where(
        draws.chance("account/never", n, 0.06), -1, np.where(left >= 0, np.minimum(last, left), np.maximum(last, 0))
    )
    enabled = np.where(left >= 0, draws.chance("account/forgotten", n, 0.12), True)
    person = np.arange(persons)
    ghost = (gone >= 0) & draws.chance("account/ghost", persons, 0.3)
    used = np.where(
        ghost,
        np.minimum(gone + 5 + draws.below("account/after", persons, 60), DAYS - 1),
        DAYS - 1 - draws.below("account/lately", persons, 20),
    )
    made = Accounts(
        np.concatenate([system, contract_system[person // PEOPLE_A_CONTRACT]]), np.concatenate([staff, np.full(persons, -1)]),
        np.concatenate([np.full(n, -1), person]), np.concatenate([enabled, (gone < 0) | ghost]),
        np.concatenate([last, np.where((gone < 0) | ghost, used, gone)]),
    )  # fmt: skip
    _write_accounts(store, draws, made)
    ids = (n + np.flatnonzero(ghost) + 1).tolist()
    return made, Truth("ghost_accounts", "有外包人员已离岗，账号仍启用，离岗后还登录过。", {"account_ids": ids})


def _write_accounts(store: Store, draws: Draws, made: Accounts) -> None:
    n = len(made.system)
    role = np.where(made.person >= 0, 3, draws.choice("account/role", n, [0.78, 0.16, 0.06, 0.0]))
    opened = np.maximum(np.where(made.last >= 0, made.last, DAYS) - 200 - draws.below("account/opened", n, 900), -2000)
    store.words("account_roles", ROLES)
    columns = {
        "i": np.arange(n), "s": made.system, "staff": made.staff, "person": made.person, "what": role, "opened": opened,
        "last": made.last, "enabled": made.enabled,
    }  # fmt: skip
    store.write("account", columns, {
        "account_id": "i + 1", "system_id": "s + 1", "staff_id": "CASE WHEN staff >= 0 THEN staff + 1 END",
        "person_id": "CASE WHEN person >= 0 THEN person + 1 END", "role": pick("account_roles", "what"),
        "opened_on": "DATE '2024-01-01' + CAST(opened AS INTEGER)", "last_login_on": day("last"),
    })  # fmt: skip
