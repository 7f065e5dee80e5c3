"""What is wrong in this city: drawn from the seed before anything is made, known to the generator and to graders only.

The plan steers the columns (it makes one hall slow, one meter stick); `shuyang.practice.city.truths` says in words and keys what
a learner could have found. Nothing of it is written into the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.builders.items import ITEMS
from shuyang.practice.city.builders.policy_rules import CONDITIONS, SCREENED
from shuyang.practice.city.calendar import DAYS, YEAR_DAY, day_number, weekdays
from shuyang.practice.city.draws import Draws, Flags, Floats, Ints

# How many kinds there are of duplicate systems (systems.TWINS) and of leaking fields (catalogue.LEAKS).
TWINS, LEAKS = 6, 3
# How often papers are missing where the list is wrong; and a median of review that would take as long as the slow consultation.
MISSING, CONSULTED = 0.66, 24.0


@dataclass(frozen=True)
class Plan:
    """Indices from 0.

    Queue: from `queue_day` service at `queue_hall` for items of `queue_theme` takes so much longer that the hall's windows are
    busy for `queue_load` of the day; it begins with a month. Returns: papers for `return_item` are missing `return_factor` times
    as often, because its list of papers is wrong; so often that no other item comes near. Consultation: it takes
    `consult_factor` times as long for `consult_item`, longer than for any other. Default: this share
    of the medical records of `default_district` has a default date of birth. Rule: the screening of policy
    `biased_policy` also asks for `biased_condition` (an index into policies.CONDITIONS), which the policy does not.
    Twin, leak, grant, stale: which duplicate system, leaking field, over-wide grant and neglected resource there is.
    The rest: which car is misused and since when, which takes too much fuel, which meter (building, kind 0 power or 1
    water) fails how (energy.FAULTS) and since when, and the day of the intrusion.
    """

    queue_hall: int
    queue_theme: str
    queue_day: int
    queue_load: float
    return_item: int
    return_factor: float
    consult_item: int
    consult_factor: float
    default_district: int
    default_share: float
    biased_policy: int
    biased_condition: int
    twin: int
    leak: int
    wide_grant: int
    stale_resource: int
    misused_car: int
    misuse_day: int
    thirsty_car: int
    faulty_building: int
    meter_kind: int
    meter_fault: int
    meter_day: int
    intrusion_day: int

    def slows(self, hall: Ints, item: Ints, day: Ints) -> Flags:
        """Which applications meet the slow window."""
        theme = np.array([t.theme == self.queue_theme for t in ITEMS])[item]
        return (hall == self.queue_hall) & theme & (day >= self.queue_day)

    def returns(self, item: Ints) -> Floats:
        """Factor on how often papers are missing."""
        return np.where(item == self.return_item, self.return_factor, 1.0)

    def consults(self, item: Ints, day: Ints) -> Floats:
        """Factor on the time of consultation; other departments answer late before weekends."""
        return np.where(item == self.consult_item, self.consult_factor, 1.0) * np.where(weekdays()[day] == 4, 1.15, 1.0)


def draw_plan(draws: Draws) -> Plan:
    """The faults of the city of this seed."""
    themes = ("户政", "社保", "不动产")
    often = [i for i, t in enumerate(ITEMS) if t.volume >= 1.5 and 0.08 <= t.missing <= 0.26 and not t.firm]
    long = [i for i, t in enumerate(ITEMS) if t.steps >= 3 and t.volume >= 0.6]
    theme = themes[draws.one("plan/theme", len(themes))]
    returned, consulted = draws.pick("plan/return", often), draws.pick("plan/consult", long)
    return Plan(
        queue_hall=draws.one("plan/hall", 2 if theme == "不动产" else 3), queue_theme=theme,  # where it is common
        queue_day=day_number(f"2025-0{3 + draws.one('plan/queue day', 4)}-01"), queue_load=0.96 + draws.one("plan/load", 5) / 100,
        return_item=returned, return_factor=MISSING / ITEMS[returned].missing,
        consult_item=consulted, consult_factor=max(3.0, CONSULTED / ITEMS[consulted].days),
        default_district=draws.one("plan/default", 4), default_share=0.55 + draws.one("plan/default share", 30) / 100,
        biased_policy=draws.pick("plan/policy", SCREENED), biased_condition=draws.one("plan/condition", len(CONDITIONS)),
        twin=draws.one("plan/twin", TWINS), leak=draws.one("plan/leak", LEAKS),
        wide_grant=draws.one("plan/grant", 6), stale_resource=draws.one("plan/stale", 6),
        misused_car=draws.one("plan/car", 10**6), misuse_day=YEAR_DAY - 120 + draws.one("plan/car day", 200),
        thirsty_car=draws.one("plan/fuel", 10**6), faulty_building=draws.one("plan/building", 10**6),
        meter_kind=draws.one("plan/meter", 2), meter_fault=draws.one("plan/fault", 3),
        meter_day=YEAR_DAY + 20 + draws.one("plan/meter day", 200), intrusion_day=DAYS - 120 + draws.one("plan/intrusion", 100),
    )  # fmt: skip
