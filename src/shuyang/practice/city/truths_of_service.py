"""What was planted in the services, told from the columns as they came out."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.applications import Applications, Halls
from shuyang.practice.city.builders.items import ITEMS
from shuyang.practice.city.calendar import DAY_MINUTES, date_of
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.truths import Truth


def service_truths(plan: Plan, halls: Halls, cases: Applications) -> tuple[Truth, ...]:
    """The bottleneck, the item that is sent back too often, and the slow consultation."""
    return (_queue(plan, halls, cases), _returns(plan, cases), _consultation(plan, cases))


def _queue(plan: Plan, halls: Halls, cases: Applications) -> Truth:
    day = cases.submitted // DAY_MINUTES
    there = cases.hall == plan.queue_hall
    after, before = there & (day >= plan.queue_day), there & (day < plan.queue_day)
    items = [i + 1 for i, t in enumerate(ITEMS) if t.theme == plan.queue_theme]
    since = date_of(plan.queue_day).isoformat()
    return Truth(
        "queue_bottleneck",
        f"自 {since} 起，{halls.name[plan.queue_hall]}的“{plan.queue_theme}”业务办得慢了，全厅等候变长，差评随之增加。",
        {
            "hall_id": plan.queue_hall + 1, "theme": plan.queue_theme, "item_ids": items, "since": since,
            "mean_wait_before": _mean(cases.waited[before]), "mean_wait_after": _mean(cases.waited[after]),
        },
    )  # fmt: skip


def _returns(plan: Plan, cases: Applications) -> Truth:
    own = cases.item == plan.return_item
    name = ITEMS[plan.return_item].name
    return Truth(
        "needless_returns", f"“{name}”的材料清单有误，退回补正明显多于同类事项。",
        {"item_id": plan.return_item + 1, "returned_share": _mean((cases.returns[own] > 0).astype(float)),
         "returned_share_others": _mean((cases.returns[~own] > 0).astype(float))},
    )  # fmt: skip


def _consultation(plan: Plan, cases: Applications) -> Truth:
    own = (cases.item == plan.consult_item) & (cases.decided >= 0)
    wait = (cases.decided[own] - cases.reviewed[own]) / DAY_MINUTES
    name = ITEMS[plan.consult_item].name
    return Truth(
        "slow_consultation", f"“{name}”的时间主要耗在会签环节，而不是审核。",
        {"item_id": plan.consult_item + 1, "median_days": round(float(np.median(wait)), 1) if own.any() else 0.0},
    )  # fmt: skip


def _mean(values: np.ndarray) -> float:
    return round(float(values.mean()), 2) if len(values) else 0.0
