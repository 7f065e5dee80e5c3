"""The tables of policies, and whom each of them means (kept with the truths)."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.administration import Administration
from shuyang.practice.city.builders.homes import Homes
from shuyang.practice.city.builders.people import People
from shuyang.practice.city.builders.policy_rules import CONDITIONS, POLICIES, SCREENED
from shuyang.practice.city.calendar import DAYS, date_of, day_number
from shuyang.practice.city.draws import Draws, Flags
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store, pick
from shuyang.practice.city.truths import Truth

SCREENING = "2025-11-15"
WAYS = ("本人申请", "社区代办", "系统比对")
# Of those near a policy whom it does not mean, this share gets it nevertheless.
WRONGLY = 0.012


def screened(plan: Plan, policy: int, people: People, homes: Homes) -> Flags:
    """Whom the present screening lets through: those meant, less those whom a condition shuts out that is not in the text."""
    passed = POLICIES[policy].rule(people, homes)
    return passed & CONDITIONS[plan.biased_condition][1](people, homes) if policy == plan.biased_policy else passed


def write_policies(
    store: Store, draws: Draws, plan: Plan, admin: Administration, people: People, homes: Homes
) -> tuple[Truth, ...]:  # fmt: skip
    """The tables `policy`, `policy_recipient`, `policy_screening`; returns what is wrong with the screening."""
    store.write_rows("policy", [
        (i + 1, p.name, admin.index(p.department) + 1, p.conditions, p.benefit, p.amount, date_of(37 * i + 20))
        for i, p in enumerate(POLICIES)
    ])  # fmt: skip
    _recipients(store, draws, people, homes)
    _screening(store, plan, people, homes)
    return (_bias(plan, people, homes),)


def _recipients(store: Store, draws: Draws, people: People, homes: Homes) -> None:
    policies, residents = [], []
    for i, policy in enumerate(POLICIES):
        meant, near = policy.rule(people, homes), policy.near(people, homes)
        share = policy.take_up * np.where(people.account, 1.1, 0.82)
        gets = draws.chance(f"policy/{i}/take up", len(people), np.where(meant, share, np.where(near, WRONGLY, 0.0)))
        rows = np.flatnonzero(gets)
        policies.append(np.full(len(rows), i))
        residents.append(rows)
        ids = np.flatnonzero(meant)
        store.answer("eligible", {"who": ids, "policy": np.full(len(ids), i)},
                     {"policy_id": "CAST(policy + 1 AS SMALLINT)", "resident_id": "CAST(who + 1 AS INTEGER)"})  # fmt: skip
    who, what = np.concatenate(residents), np.concatenate(policies)
    n = len(who)
    since = np.maximum(DAYS - 3 - draws.exponential("policy/since", n, 500).astype(np.int64), day_number("2019-01-01"))
    way = np.where(people.account[who], draws.choice("policy/way", n, [0.7, 0.12, 0.18]), 1)
    store.words("policy_ways", WAYS)
    store.write("policy_recipient", {"what": what, "who": who, "begin": since, "way_": way}, {
        "policy_id": "what + 1", "resident_id": "who + 1", "way": pick("policy_ways", "way_"),
        "since": "DATE '2024-01-01' + CAST(begin AS INTEGER)",
    })  # fmt: skip


def _screening(store: Store, plan: Plan, people: People, homes: Homes) -> None:
    parts = []
    for policy in SCREENED:
        meant = POLICIES[policy].rule(people, homes)
        rows = np.flatnonzero(meant | POLICIES[policy].near(people, homes))
        parts.append((np.full(len(rows), policy), rows, screened(plan, policy, people, homes)[rows]))
    what, who, passed = (np.concatenate([part[k] for part in parts]) for k in range(3))
    store.write("policy_screening", {"what": what, "who": who, "passed": passed}, {
        "policy_id": "what + 1", "resident_id": "who + 1", "screened_on": f"DATE '{SCREENING}'",
    })  # fmt: skip


def _bias(plan: Plan, people: People, homes: Homes) -> Truth:
    policy, (condition, _) = POLICIES[plan.biased_policy], CONDITIONS[plan.biased_condition]
    meant = policy.rule(people, homes)
    missed = meant & ~screened(plan, plan.biased_policy, people, homes)
    count, old, new = int(missed.sum()), int((missed & (people.age >= 60)).sum()), int((missed & ~people.local).sum())
    return Truth(
        "biased_rule",
        f"“{policy.name}”的系统比对多设了一条政策没有的条件：{condition}，漏掉了符合政策的 {count} 人，"
        f"其中 60 周岁以上 {old} 人、非本市户籍 {new} 人。",
        {"policy_id": plan.biased_policy + 1, "condition": condition, "eligible": int(meant.sum()), "missed": count,
         "missed_60_and_over": old, "missed_newcomers": new},
    )  # fmt: skip
