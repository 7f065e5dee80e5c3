"""The public notices of results, with one field that says more than it should."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.applications import Applications
from shuyang.practice.city.builders.people import People, id_sql, phone_column
from shuyang.practice.city.calendar import DAY_MINUTES, DAYS, ymd
from shuyang.practice.city.draws import Draws
from shuyang.practice.city.identifiers import resident_numbers
from shuyang.practice.city.places import Map
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store, day, pick
from shuyang.practice.city.truths import Truth

# Field, what leaks, how the finding reads.
LEAKS = (
    ("query_code", "birth_date", "查询码由出生日期和身份号码后四位拼成，等于公开了身份信息"),
    ("note", "phone", "备注里留下了申请人的手机号"),
    ("note", "id_number", "备注里留下了完整的身份号码"),
)
NOTES = ("", "", "", "材料齐全", "已电话告知", "容缺受理，后补材料", "委托他人代办", "请到窗口领取", "邮寄送达")
SINCE_DAYS = 120


def write_published(
    store: Store, draws: Draws, plan: Plan, people: People, cases: Applications, places: Map
) -> tuple[Truth, ...]:  # fmt: skip
    """The table `published_case`: decisions of the last months; returns what leaks."""
    recent = cases.decided >= (DAYS - SINCE_DAYS) * DAY_MINUTES
    rows = np.flatnonzero(recent & (cases.resident >= 0) & draws.chance("notice/chosen", len(cases), 0.35))
    who, n, (dates, _) = cases.resident[rows], len(rows), ymd()
    number, check = resident_numbers(people.region[who], dates[people.birth[who]], people.sequence[who])
    field, what, says = LEAKS[plan.leak]
    leaks = (people.phone[who] >= 0) & draws.chance("notice/leaks", n, 0.22)
    store.words("notes", NOTES)
    columns = {
        "i": np.arange(n), "item": cases.item[rows], "surname": people.names.surname[who], "male": people.male[who],
        "town": people.subdistrict[who], "decided": cases.decided[rows] // DAY_MINUTES, "refused": cases.refused[rows],
        "number": number, "checked": check, "birth": dates[people.birth[who]], "leaks": leaks,
        "phone": phone_column(people.phone[who]), "random": draws.below("notice/code", n, 10**9),
        "what": draws.below("notice/note", n, len(NOTES)),
    }  # fmt: skip
    store.write("published_case", columns, {
        "notice_no": "i + 1", "item_id": "item + 1", "applicant": f"{pick('surnames', 'surname')} || '**'",
        "subdistrict": pick("subdistricts", "town"), "decided_on": day("decided"),
        "result": "CASE WHEN refused THEN '不予' ELSE '准予' END", **_leaking(plan.leak),
    })  # fmt: skip
    rows_hit = n if plan.leak == 0 else int(leaks.sum())
    facts = {"table": "published_case", "field": field, "leaks": what, "rows": rows_hit}
    return (Truth("leaking_field", f"公开的办件结果公示中，{says}。", facts),)


def _leaking(leak: int) -> dict[str, str]:
    """SQL of the query code and the note, one of which leaks."""
    whole = id_sql("number", "checked")
    plain = f"nullif({pick('notes', 'what')}, '')"
    code = (
        f"'CX' || birth || right({whole}, 4)" if leak == 0 else "'CX' || right(CAST(1000000000 + random AS VARCHAR), 9)"
    )
    told = {0: plain, 1: f"CASE WHEN leaks THEN '已电话告知本人（' || phone || '）' ELSE {plain} END",
            2: f"CASE WHEN leaks THEN '核验身份证' || {whole} || '无误' ELSE {plain} END"}  # fmt: skip
    return {"query_code": code, "note": told[leak]}
