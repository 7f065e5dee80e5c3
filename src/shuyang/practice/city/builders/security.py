"""Security events: the daily noise, and one intrusion that hides in it."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.technology import Accounts
from shuyang.practice.city.calendar import DAY_MINUTES, DAYS, date_of
from shuyang.practice.city.draws import Draws, Ints
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store, moment, pick
from shuyang.practice.city.truths import Truth

KINDS = ("端口扫描", "登录失败", "登录成功", "恶意程序", "权限变更", "批量导出", "日志清除", "网页篡改尝试")
SCAN, FAIL, LOGIN, MALWARE, RIGHTS, EXPORT, WIPED, DEFACE = range(8)
SEVERITY = ("低", "中", "高")
HALF_YEAR = 184
# The steps of the intrusion: kind, minutes after the first, severity, times.
STEPS = (
    (SCAN, 0, 0, 240), (FAIL, 52, 1, 86), (FAIL, 71, 1, 131), (LOGIN, 79, 0, 1), (RIGHTS, 96, 1, 1), (EXPORT, 118, 1, 3),
    (EXPORT, 131, 2, 7), (WIPED, 149, 1, 1),
)  # fmt: skip


def write_security(store: Store, draws: Draws, plan: Plan, accounts: Accounts) -> tuple[Truth, ...]:
    """The table `security_event`; returns the intrusion."""
    n = 2600 + len(accounts.system) // 2
    system, account = _where(draws, accounts, n)
    kind = draws.choice("event/kind", n, [26, 30, 24, 6, 4, 6, 0.4, 3.6])
    hour = np.array([2, 2, 1, 1, 1, 1, 2, 5, 14, 18, 16, 13, 9, 11, 15, 16, 14, 11, 6, 4, 4, 3, 3, 2], dtype=float)
    minute = (DAYS - 1 - draws.below("event/day", n, HALF_YEAR)) * DAY_MINUTES + draws.choice(
        "event/hour", n, hour
    ) * 60
    minute = minute + draws.below("event/minute", n, 60)
    serious = draws.choice("event/severity", n, [0.72, 0.23, 0.05])
    outside = np.isin(kind, (SCAN, DEFACE)) | draws.chance("event/outside", n, 0.12)
    repeats = np.maximum(draws.lognormal("event/repeats", n, np.where(np.isin(kind, (SCAN, FAIL)), 4.0, 1.0), 1.1), 1)
    columns = {
        "system": system, "account": np.where(np.isin(kind, (SCAN, MALWARE, DEFACE)), -1, account), "time": minute, "kind": kind,
        "severity": np.where(kind == WIPED, 1, serious), "outside": outside, "net": draws.below("event/net", n, 3),
        "host": 1 + draws.below("event/host", n, 250), "part": draws.below("event/part", n, 200),
        "repeats": repeats.astype(int), "handled": draws.chance("event/handled", n, 0.86),
    }  # fmt: skip
    added, where, victim = _intrusion(draws, plan, accounts)
    every = {name: np.concatenate([column, added[name]]) for name, column in columns.items()}
    order = np.argsort(every["time"], kind="stable")
    _write(store, {name: column[order] for name, column in every.items()})
    ids = (np.flatnonzero(order >= n) + 1).tolist()
    facts = {"event_ids": ids, "system_id": where + 1, "account_id": victim + 1,
             "source_ip": f"203.0.113.{77 + plan.intrusion_day % 100}",
             "day": date_of(plan.intrusion_day).isoformat()}  # fmt: skip
    return (Truth("intrusion", "一次入侵藏在日常告警里：扫描、撞库、登录成功、提权、批量导出、清除日志。", facts),)


def _where(draws: Draws, accounts: Accounts, n: int) -> tuple[Ints, Ints]:
    """Accounts that events are about; a few draw most of them."""
    order = draws.order("event/accounts", len(accounts.system))
    account = order[(draws.uniform("event/account", n) ** 2.2 * len(order)).astype(np.int64)]
    return accounts.system[account], account


def _intrusion(draws: Draws, plan: Plan, accounts: Accounts) -> tuple[dict[str, np.ndarray], int, int]:
    """Columns of the intrusion's events, its system and account: an enabled account of a contractor."""
    able = np.flatnonzero((accounts.person >= 0) & accounts.enabled)
    victim = draws.pick("plan/victim", able)
    where, n = int(accounts.system[victim]), len(STEPS)
    start = plan.intrusion_day * DAY_MINUTES + 60 + plan.intrusion_day % 120
    kind, after, severity, times = (np.array([step[k] for step in STEPS]) for k in range(4))
    return {
        "system": np.full(n, where), "account": np.where(kind == SCAN, -1, victim), "time": start + after, "kind": kind,
        "severity": severity, "outside": np.full(n, True), "net": np.full(n, 2),
        "host": np.full(n, 77 + plan.intrusion_day % 100), "part": np.zeros(n, dtype=np.int64), "repeats": times,
        "handled": np.full(n, False),
    }, where, victim  # fmt: skip


def _write(store: Store, columns: dict[str, np.ndarray]) -> None:
    store.words("event_kinds", KINDS)
    store.words("severities", SEVERITY)
    store.words("nets", ("192.0.2.", "198.51.100.", "203.0.113."))
    store.write("security_event", {"i": np.arange(len(columns["time"])), **columns}, {
        "event_id": "i + 1", "system_id": "system + 1", "account_id": "CASE WHEN account >= 0 THEN account + 1 END",
        "happened_at": moment("time"), "kind": pick("event_kinds", "kind"), "severity": pick("severities", "severity"),
        "source_ip": f"CASE WHEN outside THEN {pick('nets', 'net')} || host ELSE '10.58.' || part || '.' || host END",
    })  # fmt: skip
