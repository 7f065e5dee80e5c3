"""E2 数据整合: put the records of two departments together, see what is wrong in them, and settle what can't be settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuyang.practice.authoring import (
    Band,
    Checker,
    NamedQuery,
    Preparation,
    Sight,
    Solution,
    Trick,
    Verdict,
    Wrong,
    check_statements,
    matching_quality,
)

SOUND = ("keep_source", "basis", "by_hand", "give_back")
STEPS = (*SOUND, "guess_number", "name_only", "overwrite", "delete_rest")


def prepare(preparation: Preparation) -> None:
    """Give the aid list, the medical register and the pension register as the departments keep them."""
    preparation.give(
        "aid",
        "SELECT record_no, id_number, name, address, household_no, monthly_aid, since FROM civil_aid ORDER BY record_no",
    )
    preparation.give(
        "medical",
        "SELECT record_no, id_number, name, sex, birth_date, phone, address, paid_by FROM medical_insured ORDER BY record_no",
    )
    preparation.give(
        "pension",
        "SELECT record_no, id_number, name, kind, employer, status, paid_months, pay_base FROM social_insured ORDER BY record_no",
    )
    preparation.give("districts", "SELECT district_id, name, region_code FROM district ORDER BY district_id")
    for table, extract in (("aid", "civil_aid"), ("medical", "medical_insured"), ("pension", "social_insured")):
        preparation.hide(
            f"whose_{table}",
            f"SELECT record_no, resident_id FROM answers.matching WHERE extract = '{extract}' ORDER BY record_no",
        )
    preparation.hide(
        "true_pairs",
        "SELECT a.record_no AS aid_no, m.record_no AS medical_no FROM whose_aid a JOIN whose_medical m USING (resident_id) "
        "ORDER BY ALL",
    )
    preparation.hide(
        "true_doubles",
        "SELECT record_no FROM whose_pension WHERE resident_id IN (SELECT resident_id FROM whose_pension GROUP BY ALL "
        "HAVING count(*) > 1) ORDER BY record_no",
    )
    fault = preparation.planted["default_value"]
    ((rows,),) = preparation.sql("SELECT count(*) FROM medical WHERE birth_date = CAST(? AS DATE)", [fault["value"]])
    preparation.truths |= {"value_year": int(fault["value"][:4]), "district": fault["district_id"], "rows": rows}


# --- checkers --------------------------------------------------------------------------------------------------------


def check_match(sight: Sight) -> Verdict:
    """Pairs of records of one person: how many found, how many wrong, and whether each has a reason."""
    answer = sight.answer("match")
    if answer.problem:
        return Verdict(0, "no_answer")
    if lacks := answer.lacks("aid_no", "medical_no", "basis"):
        return Verdict(0, "columns", {"columns": "、".join(lacks)})
    ((given, right, silent),) = sight.query(
        "WITH a AS (SELECT DISTINCT aid_no, medical_no, basis FROM answer_match) SELECT count(*), "
        "count(*) FILTER ((aid_no, medical_no) IN (SELECT (aid_no, medical_no) FROM true_pairs)), "
        "count(*) FILTER (trim(coalesce(basis, '')) = '') FROM a"
    )
    ((truth, exact),) = sight.query(
        "SELECT count(*), count(*) FILTER (a.id_number = m.id_number) FROM true_pairs t JOIN aid a ON a.record_no = t.aid_no "
        "JOIN medical m ON m.record_no = t.medical_no"
    )
    figures = {
        "given": given,
        "truth": truth,
        "right": right,
        "wrong": given - right,
        "found": round(100 * right / truth, 1),
        "silent": silent,
    }
    if right < 0.85 * truth:
        return Verdict(0, "few", figures)
    if given - right > 0.01 * given:
        return Verdict(1, "wrongly_merged", figures)
    if right <= exact + 0.05 * (truth - exact):
        return Verdict(1, "exact_only", figures)
    if right < 0.98 * truth:
        return Verdict(2, "some_left", figures)
    return Verdict(4, "right", figures) if silent <= 0.02 * given else Verdict(3, "silent", figures)


def check_quality(sight: Sight) -> Verdict:
    """The default value that stands for nothing, how often, and where it comes from."""
    given = sight.artifact("quality")["fields"]
    if given.get("column") != "birth_date" or given.get("year") != sight.truths["value_year"]:
        return Verdict(0, "column")
    rows = given.get("rows")
    if not isinstance(rows, int | float) or abs(rows - int(sight.truths["rows"])) > max(
        2, 0.01 * int(sight.truths["rows"])
    ):
        return Verdict(1, "rows", {"truth": sight.truths["rows"]})
    if given.get("district") != sight.truths["district"]:
        return Verdict(2, "district")
    return Verdict(3, "right", {"truth": sight.truths["rows"]})


def check_doubles(sight: Sight) -> Verdict:
    """People who are in the pension register more than once: put together those that belong together, and no others."""
    answer = sight.answer("doubles")
    if answer.problem:
        return Verdict(0, "no_answer")
    if lacks := answer.lacks("record_no", "person"):
        return Verdict(0, "columns", {"columns": "、".join(lacks)})
    given: dict[str, str] = dict(sight.query("SELECT record_no, person FROM answer_doubles WHERE person IS NOT NULL"))
    whose = sight.query("SELECT record_no, resident_id FROM whose_pension")
    quality = matching_quality([given.get(record) for record, _ in whose], [person for _, person in whose])
    figures = {
        "found": round(100 * quality.recall, 1),
        "precise": round(100 * quality.precision, 1),
        "merged": quality.wrongly_merged,
    }
    if quality.recall < 0.5 or quality.precision < 0.5:
        return Verdict(0, "few" if quality.recall < 0.5 else "merged", figures)
    if quality.precision < 0.98:
        return Verdict(1, "merged", figures)
    return Verdict(3, "right", figures) if quality.recall >= 0.93 else Verdict(2, "left", figures)


def check_handling(sight: Sight) -> Verdict:
    """What is done with what does not agree."""
    return check_statements(sight.artifact("handling")["fields"].get("steps", []), SOUND)


CHECKERS: Mapping[str, Checker] = {
    "match": check_match,
    "quality": check_quality,
    "doubles": check_doubles,
    "handling": check_handling,
}


# --- solutions whose verdicts are known ------------------------------------------------------------------------------

KEY = "CASE WHEN length(id_number) = 15 THEN left(id_number, 6) || '19' || right(id_number, 9) ELSE upper(left(id_number, 17)) END"
KEYED = (
    f"SELECT record_no, {KEY} AS key, name, replace(name, '·', '') AS plain, id_number, "
    "replace(replace(replace(regexp_replace(address, '^云川市', ''), '幢', '-'), '单元', '-'), '室', '') AS place FROM "
)
BY_KEY = (
    "SELECT a.record_no AS aid_no, m.record_no AS medical_no, '号码一致' AS basis FROM 救助 a JOIN 医保 m USING (key)"
)
REST = (
    "SELECT * FROM 号码相同 UNION ALL SELECT a.record_no, m.record_no, CASE WHEN a.place = m.place THEN '姓名和住址一致' ELSE "
    "'姓名一致且号码只差一两位' END FROM 救助 a JOIN 医保 m ON a.plain = m.plain WHERE a.key IS DISTINCT FROM m.key "
    "AND (a.place = m.place AND (a.key IS NULL OR m.key IS NULL OR substr(a.key, 7, 4) = substr(m.key, 7, 4) "
    "OR levenshtein(a.key, m.key) <= 2) OR levenshtein(a.key, m.key) <= 2)"
)
PEOPLE = (
    f"SELECT record_no, {KEY} AS person FROM pension WHERE id_number IS NOT NULL "
    f"QUALIFY count(*) OVER (PARTITION BY {KEY}) > 1"
)


def _matched(*queries: tuple[str, str]) -> Solution:
    named = tuple(NamedQuery(name, sql) for name, sql in queries)
    return Solution(named, {"match": {"result": named[-1].name}})


TABLES = (("救助", KEYED + "aid"), ("医保", KEYED + "medical"))


def reference(sight: Sight) -> Solution:
    """What an expert hands in, worked out from the given tables alone."""
    matched = _matched(*TABLES, ("号码相同", BY_KEY), ("对照表", REST))
    return Solution(
        (*matched.queries, NamedQuery("重复参保", PEOPLE)),
        {
            **matched.artifacts,
            **_quality(sight).artifacts,
            "doubles": {"result": "重复参保"},
            "handling": {"fields": {"steps": list(SOUND)}},
        },
    )


def _quality(sight: Sight, **changed: Any) -> Solution:
    """The value that is there far too often, and the district that most of these addresses name."""
    ((value, rows),) = sight.query("SELECT birth_date, count(*) FROM medical GROUP BY ALL ORDER BY 2 DESC LIMIT 1")
    ((district,),) = sight.query(
        "SELECT d.district_id FROM medical m JOIN districts d ON contains(m.address, d.name) WHERE m.birth_date = ? "
        "GROUP BY ALL ORDER BY count(*) DESC LIMIT 1",
        [value],
    )
    right = {"column": "birth_date", "year": value.year, "rows": rows, "district": district}
    return Solution((), {"quality": {"fields": {**right, **changed}}})


def _steps(*steps: str) -> Solution:
    return Solution((), {"handling": {"fields": {"steps": list(steps)}}})


def _doubled(sql: str) -> Solution:
    return Solution((NamedQuery("重复", sql),), {"doubles": {"result": "重复"}})


EXACT = "SELECT a.record_no AS aid_no, m.record_no AS medical_no, '号码相同' AS basis FROM aid a JOIN medical m USING (id_number)"
BY_NAME = (
    "SELECT a.record_no AS aid_no, m.record_no AS medical_no, '同名' AS basis FROM aid a JOIN medical m USING (name)"
)
WRONG = (
    Wrong("same_number_only", lambda sight: _matched(("对照", EXACT)), {"match": "exact_only"}),
    Wrong("same_name", lambda sight: _matched(("对照", BY_NAME)), {"match": "wrongly_merged"}),
    Wrong("old_numbers_too", lambda sight: _matched(*TABLES, ("对照", BY_KEY)), {"match": "some_left"}),
    Wrong(
        "without_reasons",
        lambda sight: _matched(
            *TABLES, ("号码相同", BY_KEY), ("全", REST), ("对照", "SELECT aid_no, medical_no, NULL AS basis FROM 全")
        ),
        {"match": "silent"},
    ),
    Wrong("half_of_them", lambda sight: _matched(("对照", EXACT + " WHERE a.monthly_aid > 400")), {"match": "few"}),
    Wrong("no_basis_column", lambda sight: _matched(("对照", "SELECT 1 AS aid_no")), {"match": "columns"}),
    Wrong("query_removed", lambda sight: Solution((), {"match": {"result": "对照"}}), {"match": "no_answer"}),
    Wrong("another_column", lambda sight: _quality(sight, column="phone"), {"quality": "column"}),
    Wrong("another_year", lambda sight: _quality(sight, year=1949), {"quality": "column"}),
    Wrong("counts_the_page", lambda sight: _quality(sight, rows=200), {"quality": "rows"}),
    Wrong("counts_none", lambda sight: _quality(sight, rows=None), {"quality": "rows"}),
    Wrong(
        "another_district",
        lambda sight: _quality(sight, district=1 + sight.truths["district"] % 5),
        {"quality": "district"},
    ),
    Wrong(
        "same_number_twice",
        lambda sight: _doubled(
            "SELECT record_no, id_number AS person FROM pension QUALIFY count(*) OVER (PARTITION BY id_number) > 1 "
            "AND hash(id_number) % 4 > 0"
        ),
        {"doubles": "left"},
    ),
    Wrong(
        "same_name_twice",
        lambda sight: _doubled("SELECT record_no, name AS person FROM pension"),
        {"doubles": "merged"},
    ),
    Wrong(
        "same_name_and_kind",
        lambda sight: _doubled(
            f"SELECT record_no, person FROM ({PEOPLE}) UNION ALL SELECT record_no, name FROM pension WHERE record_no NOT IN "
            f"(SELECT record_no FROM ({PEOPLE})) AND hash(name) % 40 = 0"
        ),
        {"doubles": "merged"},
    ),
    Wrong(
        "finds_few",
        lambda sight: _doubled("SELECT record_no, id_number AS person FROM pension LIMIT 100"),
        {"doubles": "few"},
    ),
    Wrong("only_numbers", lambda sight: _doubled("SELECT record_no FROM pension"), {"doubles": "columns"}),
    Wrong("doubles_removed", lambda sight: Solution((), {"doubles": {"result": "重复"}}), {"doubles": "no_answer"}),
    Wrong("guesses_numbers", lambda sight: _steps(*SOUND, "guess_number"), {"handling": "guess_number"}),
    Wrong("cleans_up", lambda sight: _steps(*SOUND, "overwrite", "delete_rest"), {"handling": "several"}),
    Wrong("half_of_the_steps", lambda sight: _steps(*SOUND[:2]), {"handling": "incomplete"}),
    Wrong("one_of_the_steps", lambda sight: _steps("by_hand"), {"handling": "few"}),
    Wrong(
        "writes_only", lambda sight: Solution((), {"handling": {"fields": {}, "text": "照办。"}}), {"handling": "none"}
    ),
)
TRICKS = (
    Trick(
        "every_pair",
        lambda sight: _matched(
            (
                "对照",
                "SELECT a.record_no AS aid_no, m.record_no AS medical_no, '可能' AS basis FROM aid a JOIN medical m "
                "ON left(a.name, 1) = left(m.name, 1)",
            )
        ),
        "match",
        1,
    ),
    Trick("one_person_for_all", lambda sight: _doubled("SELECT record_no, 1 AS person FROM pension"), "doubles", 0),
    Trick(
        "everyone_his_own", lambda sight: _doubled("SELECT record_no, record_no AS person FROM pension"), "doubles", 0
    ),
    Trick("all_steps", lambda sight: _steps(*STEPS), "handling", 0),
)


def _exact(sight: Sight) -> float:
    """The share of the pairs that a comparison of the bare numbers finds."""
    ((share,),) = sight.query(
        "SELECT avg((a.id_number IS NOT DISTINCT FROM m.id_number AND a.id_number IS NOT NULL)::INTEGER) FROM true_pairs t "
        "JOIN aid a ON a.record_no = t.aid_no JOIN medical m ON m.record_no = t.medical_no"
    )
    return float(share)


def _count(sight: Sight, table: str) -> float:
    return float(sight.query(f"SELECT count(*) FROM {table}")[0][0])


BANDS = (
    Band("pairs", lambda sight: _count(sight, "true_pairs"), 400, 800),
    Band("pairs by the bare number", _exact, 0.85, 0.98),
    Band("records of people who are there twice", lambda sight: _count(sight, "true_doubles"), 400, 900),
    Band("default values", lambda sight: float(sight.truths["rows"]), 800, 9000),
)
