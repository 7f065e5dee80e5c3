"""E4 数据目录与共享清单: audit a catalogue, decide on requests for sharing, settle one source for each datum, order its life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuyang.practice.authoring import Band, Checker, Preparation, Sight, Solution, Trick, Verdict, Wrong

TODAY = "2025-12-31"
CYCLE_DAYS = {"实时": 2, "每日": 3, "每月": 62, "每季度": 184, "每年": 732}
PERSONAL = ("居民健康档案", "出生医学证明", "婚姻登记信息", "公积金缴存信息", "机动车登记信息", "法律援助案件")
# What is asked for what: purpose, asking department, source table, the fields that the purpose needs.
REQUESTS = (
    ("残疾人乘车优惠资格核验", "交通局", "disabled_register", ("id_number", "grade")),
    ("高龄津贴发放前核验是否健在", "民政局", "police_register", ("id_number", "status")),
    ("入学登记核验家庭住房", "教育局", "property_register", ("id_number", "address")),
    ("医疗救助资格核验", "医保局", "civil_aid", ("id_number", "since")),
    ("公租房申请核验参保单位", "住建局", "social_insured", ("id_number", "employer", "status")),
    ("困难学生资助资格核验", "教育局", "civil_aid", ("id_number", "since")),
)
ODD = (
    ("向老年人推送合作商户的保健品优惠", "商务局", "medical_insured"),
    ("建设本单位大数据平台，先行汇聚备用", "大数据公司", "social_insured"),
    ("统计本局干部子女就读学校", "机关事务局", "school_roll"),
)
OPEN = (("编制营商环境报告", "发改委", "firm"), ("办事指南自动更新", "政务服务局", "service_item"))
ORDER = ("register", "grade", "review", "publish", "request", "decide", "use", "check", "retire")
ACTORS = {
    "register": "provider", "grade": "provider", "review": "authority", "publish": "authority", "request": "user",
    "decide": "provider", "use": "user", "check": "authority", "retire": "provider",
}  # fmt: skip


def prepare(preparation: Preparation) -> None:
    """Give the catalogue with faults, the requests, and the fields; the right marks and decisions are truths."""
    _catalogue(preparation)
    preparation.give(
        "fields",
        "SELECT f.resource_id, r.name AS resource, f.name, f.title, f.declared_grade FROM resource_field f "
        "JOIN data_resource r USING (resource_id) ORDER BY f.field_id",
    )
    _requests(preparation)


def _catalogue(preparation: Preparation) -> None:
    """Plant faults into the catalogue, each resource at most one: open though personal, refused without a reason, stale,
    and one datum that a second department keeps, too."""
    random = preparation.random
    stale = preparation.planted["stale_resource"]["resource_id"]
    unfounded = preparation.planted["unfounded_refusal"]["resource_id"]
    marks = "', '".join(PERSONAL)
    personal = [
        row[0]
        for row in preparation.sql(
            f"SELECT resource_id FROM data_resource WHERE name IN ('{marks}') ORDER BY resource_id"
        )
        if row[0] not in (stale, unfounded)
    ]
    opened = [personal[int(n)] for n in random.choice(len(personal), 2, replace=False)]
    others = [
        row[0]
        for row in preparation.sql(
            "SELECT resource_id FROM data_resource WHERE sharing = '无条件共享' AND resource_id > 12 ORDER BY resource_id"
        )
        if row[0] not in (stale, unfounded)
    ]
    refused = others[int(random.integers(len(others)))]
    source = int(random.choice([4, 5]))  # the aid list or the register of the disabled, kept a second time
    preparation.sql(
        "CREATE TABLE kept AS SELECT r.resource_id, r.name, d.short_name AS department, "
        "coalesce(r.summary, r.name || '的明细') AS summary, r.sharing, r.sharing_basis, r.opening, r.update_cycle, "
        "r.updated_on, r.row_count FROM data_resource r JOIN department d USING (department_id)"
    )
    marked = ", ".join(str(one) for one in opened)
    preparation.sql(
        f"UPDATE kept SET sharing = '无条件共享', sharing_basis = NULL, opening = '无条件开放' WHERE resource_id IN ({marked})"
    )
    preparation.sql("UPDATE kept SET sharing = '不予共享', sharing_basis = NULL WHERE resource_id = ?", [refused])
    preparation.sql(
        "INSERT INTO kept SELECT 31, CASE resource_id WHEN 4 THEN '低收入家庭人员台账' ELSE '残疾人员花名册' END, '大数据局', "
        "CASE resource_id WHEN 4 THEN '由表格汇总的低保家庭成员名单' ELSE '由表格汇总的残疾证持有人名单' END, sharing, sharing_basis, "
        "opening, '每年', DATE '2025-03-20', row_count - 37 FROM kept WHERE resource_id = ?",
        [source],
    )
    preparation.give("catalogue", "SELECT * FROM kept ORDER BY resource_id")
    late = preparation.sql(
        "SELECT resource_id, update_cycle, date_diff('day', updated_on, CAST(? AS DATE)) FROM kept", [TODAY]
    )
    wanted = {str(one): "too_open" for one in opened}
    wanted |= {str(refused): "no_basis", str(unfounded): "no_basis"}
    wanted |= {str(one): "stale" for one, cycle, days in late if days > CYCLE_DAYS[cycle] and str(one) not in wanted}
    wanted["31"] = "double"
    preparation.truths |= {"marks": wanted, "copy": 31, "source": source}


def _requests(preparation: Preparation) -> None:
    """Requests in an order by the seed: what is needed, more than is needed, what no purpose bears, what needs no request."""
    random, rows = preparation.random, []
    tables = {
        table: (name, fields)
        for table, name, fields in preparation.sql(
            "SELECT r.table_name, r.name, string_agg(f.name, '、' ORDER BY f.field_id) FROM data_resource r "
            "JOIN resource_field f USING (resource_id) WHERE r.table_name IS NOT NULL GROUP BY ALL"
        )
    }
    wide = {int(n) for n in random.choice(len(REQUESTS), 3, replace=False)}
    for place, (purpose, asking, table, needed) in enumerate(REQUESTS):
        fields = tables[table][1] if place in wide else "、".join(needed)
        rows.append((purpose, asking, tables[table][0], fields, "narrow" if place in wide else "agree"))
    rows += [(purpose, asking, tables[table][0], tables[table][1], "refuse") for purpose, asking, table in ODD]
    rows += [(purpose, asking, tables[table][0], tables[table][1], "no_need") for purpose, asking, table in OPEN]
    rows = [rows[int(n)] for n in random.permutation(len(rows))]
    names = ("purpose", "department", "resource", "fields")
    columns: dict[str, list[Any]] = {"request_no": [f"SQ{n:02d}" for n in range(1, len(rows) + 1)]}
    columns |= {name: [row[place] for row in rows] for place, name in enumerate(names)}
    preparation.put("requests", columns)
    preparation.given.append("requests")
    preparation.truths["decisions"] = {f"SQ{n:02d}": row[4] for n, row in enumerate(rows, 1)}


# --- checkers --------------------------------------------------------------------------------------------------------


def check_audit(sight: Sight) -> Verdict:
    """The faults of the catalogue, each by its kind; marks on what is in order cost."""
    wanted: Mapping[str, str] = sight.truths["marks"]
    marked = dict(sight.artifact("audit")["marked"])
    hit = sum(marked.get(key) == mark for key, mark in wanted.items())
    extra = sum(key not in wanted for key in marked)
    opened = sum(mark == "too_open" and marked.get(key) != "too_open" for key, mark in wanted.items())
    figures = {"hit": hit, "all": len(wanted), "extra": extra, "opened": opened}
    if hit < 0.5 * len(wanted) or extra > len(wanted):
        return Verdict(0, "few" if hit < 0.5 * len(wanted) else "wild", figures)
    if opened:
        return Verdict(1, "opened", figures)
    if hit < len(wanted):
        return Verdict(2, "some", figures)
    return Verdict(2, "extra", figures) if extra else Verdict(3, "right", figures)


def check_requests(sight: Sight) -> Verdict:
    """A decision on each request. To give what no purpose bears is worst; to refuse what is needed is next."""
    wanted: Mapping[str, str] = sight.truths["decisions"]
    rows = sight.artifact("requests")["rows"]
    given = {key: rows.get(key, {}).get("decision") for key in wanted}
    right = sum(given[key] == decision for key, decision in wanted.items())
    leaked = sum(wanted[key] == "refuse" and given[key] in ("agree", "narrow", "no_need") for key in wanted)
    blocked = sum(wanted[key] != "refuse" and given[key] == "refuse" for key in wanted)
    wide = sum(wanted[key] == "narrow" and given[key] == "agree" for key in wanted)
    figures = {"right": right, "all": len(wanted), "leaked": leaked, "blocked": blocked, "wide": wide}
    if right < 0.5 * len(wanted):
        return Verdict(0, "few", figures)
    if leaked:
        return Verdict(1, "leaked", figures)
    if blocked or wide:
        return Verdict(2, "blocked" if blocked else "wide", figures)
    return Verdict(3, "right", figures) if right == len(wanted) else Verdict(2, "some", figures)


def check_source(sight: Sight) -> Verdict:
    """Which entry is a copy, which one is the source, and what is done with the copy."""
    given = sight.artifact("source")["fields"]
    if given.get("copy") != sight.truths["copy"]:
        return Verdict(0, "swapped" if given.get("copy") == sight.truths["source"] else "copy")
    if given.get("source") != sight.truths["source"]:
        return Verdict(1, "source")
    return Verdict(3, "right") if given.get("deed") == "reuse" else Verdict(2, "deed")


def check_life(sight: Sight) -> Verdict:
    """The steps in their order, each with who answers for it."""
    steps = [step["step"] for step in sight.artifact("life")["steps"]]
    actors = {step["step"]: step.get("actor") for step in sight.artifact("life")["steps"]}
    lacking = [step for step in ORDER if step not in steps]
    figures = {"lacking": len(lacking), "steps": len(ORDER)}
    if len(lacking) > 2 or len(steps) != len(set(steps)):
        return Verdict(0, "lacking" if len(lacking) > 2 else "twice", figures)
    present = [step for step in ORDER if step in steps]
    pairs = [(a, b) for n, a in enumerate(present) for b in present[n + 1 :]]
    turned = sum(steps.index(a) > steps.index(b) for a, b in pairs)
    others = sum(actors[step] != ACTORS[step] for step in present)
    figures |= {"turned": turned, "others": others}
    if turned > 3:
        return Verdict(1, "order", figures)
    if lacking or turned or others > 2:
        return Verdict(2, "nearly", figures)
    return Verdict(3, "right", figures) if others == 0 else Verdict(2, "actors", figures)


CHECKERS: Mapping[str, Checker] = {
    "audit": check_audit,
    "requests": check_requests,
    "source": check_source,
    "life": check_life,
}


# --- solutions whose verdicts are known ------------------------------------------------------------------------------


def _marks(marked: Mapping[str, str]) -> Solution:
    return Solution((), {"audit": {"marked": dict(marked)}})


def _decided(decisions: Mapping[str, str]) -> Solution:
    return Solution((), {"requests": {"rows": {key: {"decision": one} for key, one in decisions.items()}}})


def _source(sight: Sight, **changed: Any) -> Solution:
    right = {"copy": sight.truths["copy"], "source": sight.truths["source"], "deed": "reuse"}
    return Solution((), {"source": {"fields": {**right, **changed}}})


def _life(*steps: str, **actors: str) -> Solution:
    return Solution((), {"life": {"steps": [{"step": s, "actor": {**ACTORS, **actors}[s]} for s in steps or ORDER]}})


ABOUT_PEOPLE = "婚姻|公积金|机动车|出生医学|居民健康|法律援助|参保|残疾|救助|学籍|人口|不动产|低保|低收入"


def _audited(sight: Sight) -> dict[str, str]:
    """Four passes over the catalogue, each with an eye on one column."""
    late = " OR ".join(f"update_cycle = '{cycle}' AND age > {days}" for cycle, days in CYCLE_DAYS.items())
    passes = {
        "stale": f"{late}",
        "no_basis": "sharing = '不予共享' AND coalesce(trim(sharing_basis), '') = ''",
        "too_open": f"(sharing = '无条件共享' OR opening = '无条件开放') AND regexp_matches(name, '{ABOUT_PEOPLE}')",
        "double": "contains(summary, '由表格汇总')",
    }
    marks: dict[str, str] = {}
    for mark, fault in passes.items():
        rows = sight.query(
            f"SELECT resource_id FROM (SELECT *, date_diff('day', updated_on, DATE '{TODAY}') AS age FROM catalogue) WHERE {fault}"
        )
        marks |= {str(key): mark for (key,) in rows}
    return marks


def _traced(sight: Sight) -> Solution:
    """The copy says how it was made; the source is what the other department keeps under another name."""
    ((copy, word),) = sight.query(
        "SELECT resource_id, CASE WHEN contains(name, '残疾') THEN '残疾' ELSE '低保|救助' END FROM catalogue "
        "WHERE contains(summary, '由表格汇总')"
    )
    ((source,),) = sight.query(
        "SELECT resource_id FROM catalogue WHERE resource_id <> ? AND regexp_matches(name || summary, ?) "
        "ORDER BY resource_id LIMIT 1",
        [copy, word],
    )
    return Solution((), {"source": {"fields": {"copy": copy, "source": source, "deed": "reuse"}}})


def reference(sight: Sight) -> Solution:
    """What an expert hands in: all but the decisions, which are a matter of judgement, from the given tables alone."""
    parts = (_marks(_audited(sight)), _decided(sight.truths["decisions"]), _traced(sight), _life())
    return Solution((), {task: made for part in parts for task, made in part.artifacts.items()})


def _instead(sight: Sight, truth: str, old: str, new: str, count: int = 99) -> dict[str, str]:
    """The truth with some of one kind answered otherwise."""
    right = dict(sight.truths[truth])
    for key in [key for key, one in right.items() if one == old][:count]:
        right[key] = new
    return right


def _marked_more(sight: Sight, count: int) -> Solution:
    wanted = sight.truths["marks"]
    fine = [str(n) for n in range(1, 31) if str(n) not in wanted]
    return _marks({**wanted, **dict.fromkeys(fine[:count], "no_basis")})


def _without(sight: Sight, kind: str) -> Solution:
    return _marks({key: mark for key, mark in sight.truths["marks"].items() if mark != kind})


WRONG = (
    Wrong("only_stale", lambda s: _marks({k: m for k, m in s.truths["marks"].items() if m == "stale"}), {"audit": "few"}),
    Wrong("lets_personal_open", lambda s: _without(s, "too_open"), {"audit": "opened"}),
    Wrong("overlooks_the_copy", lambda s: _without(s, "double"), {"audit": "some"}),
    Wrong("marks_one_more", lambda s: _marked_more(s, 1), {"audit": "extra"}),
    Wrong("agrees_to_the_shop", lambda s: _decided(_instead(s, "decisions", "refuse", "agree", 1)), {"requests": "leaked"}),
    Wrong("refuses_to_be_safe", lambda s: _decided(_instead(s, "decisions", "agree", "refuse", 2)), {"requests": "blocked"}),
    Wrong("gives_the_whole_table", lambda s: _decided(_instead(s, "decisions", "narrow", "agree")), {"requests": "wide"}),
    Wrong("asks_for_what_is_open", lambda s: _decided(_instead(s, "decisions", "no_need", "agree")), {"requests": "some"}),
    Wrong("decides_three", lambda s: _decided(dict(list(s.truths["decisions"].items())[:3])), {"requests": "few"}),
    Wrong("takes_the_copy_for_the_source", lambda s: _source(s, copy=s.truths["source"], source=31), {"source": "swapped"}),
    Wrong("another_entry", lambda s: _source(s, copy=12), {"source": "copy"}),
    Wrong("another_source", lambda s: _source(s, source=12), {"source": "source"}),
    Wrong("keeps_both", lambda s: _source(s, deed="both"), {"source": "deed"}),
    Wrong("publishes_first", lambda s: _life("publish", "request", "decide", "use", "register", "grade", "review", "check", "retire"),
          {"life": "order"}),
    Wrong("forgets_the_end", lambda s: _life(*ORDER[:-1]), {"life": "nearly"}),
    Wrong("authority_does_all", lambda s: _life(register="authority", grade="authority", decide="authority"), {"life": "nearly"}),
    Wrong("one_other_actor", lambda s: _life(decide="authority"), {"life": "actors"}),
    Wrong("three_steps", lambda s: _life("register", "publish", "use"), {"life": "lacking"}),
    Wrong("one_step_twice", lambda s: _life(*ORDER, "check"), {"life": "twice"}),
)  # fmt: skip
TRICKS = (
    Trick("marks_everything", lambda s: _marked_more(s, 30), "audit", 0),
    Trick("agrees_to_everything", lambda s: _decided(dict.fromkeys(s.truths["decisions"], "agree")), "requests", 1),
    Trick("refuses_everything", lambda s: _decided(dict.fromkeys(s.truths["decisions"], "refuse")), "requests", 0),
    Trick("every_step_many_times", lambda s: _life(*ORDER, *ORDER), "life", 0),
)


BANDS = (
    Band("faults", lambda s: float(len(s.truths["marks"])), 5, 9),
    Band("kinds of faults", lambda s: float(len(set(s.truths["marks"].values()))), 4, 4),
    Band("requests", lambda s: float(len(s.truths["decisions"])), 11, 11),
)
