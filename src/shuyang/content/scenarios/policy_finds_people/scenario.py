"""E8 政策找人: write the rules of a policy, find what the present screening adds to it, and reach those who were missed."""

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
)

POLICY = 8  # 慢性病用药保障
LOW = 640
# Three-valued: where a value that decides is missing, the whole is unknown, which is the reason to ask.
MEANT = f"chronic AND age >= 60 AND alive AND (insured OR income < {LOW})"
OUTCOME = f"CASE WHEN {MEANT} THEN 'grant' WHEN NOT ({MEANT}) THEN 'refuse' ELSE 'ask' END"
SOUND = ("visit", "tell_missing", "confirm_first", "appeal")
WAYS = (*SOUND, "account_only", "link_card", "stop_at_once", "publish_ids")


def prepare(preparation: Preparation) -> None:
    """Give those who are near the policy with the facts that departments hold about them, some of them missing."""
    preparation.sql(
        "CREATE TABLE facts AS SELECT r.resident_id, r.name, r.sex, date_diff('year', r.birth_date, DATE '2025-12-31') - "
        "(strftime(r.birth_date, '%m%d') > '1231')::INTEGER AS age, r.chronic, r.insurance <> '未参保' AS insured, "
        "floor(h.monthly_income / h.members) AS income, r.died_on IS NULL AS alive, r.online_account AS account, "
        "r.phone IS NOT NULL AS phone, s.name AS subdistrict FROM resident r JOIN household h USING (household_id) "
        "JOIN subdistrict s USING (subdistrict_id) WHERE r.chronic OR date_diff('year', r.birth_date, DATE '2025-12-31') >= 60"
    )
    preparation.give(
        "people",
        "SELECT resident_id, name, sex, age, chronic, "
        f"CASE WHEN {_chance(preparation, 1)} < 7 THEN NULL ELSE insured END AS insured, "
        f"CASE WHEN {_chance(preparation, 2)} < 15 THEN NULL ELSE income END AS income, "
        f"CASE WHEN {_chance(preparation, 3)} < 2 THEN NULL ELSE alive END AS alive, account, phone, subdistrict "
        "FROM facts ORDER BY resident_id",
    )
    preparation.give("policies", "SELECT policy_id, name, conditions, benefit FROM policy ORDER BY policy_id")
    preparation.give(
        "recipients",
        f"SELECT resident_id, since, way FROM policy_recipient WHERE policy_id = {POLICY} ORDER BY resident_id",
    )
    preparation.give(
        "screening",
        "SELECT s.policy_id, s.resident_id, s.passed, date_diff('year', r.birth_date, DATE '2025-12-31') AS age, r.occupation, "
        "r.household_id NOT IN (SELECT household_id FROM resident WHERE died_on IS NULL "
        "AND date_diff('year', birth_date, DATE '2025-12-31') < 70) AS only_old, "
        "r.local_register, r.online_account, r.phone IS NOT NULL AS phone, r.bank_card IS NOT NULL AS bank_card, "
        "r.insurance <> '未参保' AS insured, r.chronic, floor(h.monthly_income / h.members) AS income "
        "FROM policy_screening s JOIN resident r USING (resident_id) JOIN household h USING (household_id) "
        "WHERE r.died_on IS NULL ORDER BY policy_id, resident_id",
    )
    preparation.hide("decided", f"SELECT resident_id, {OUTCOME} AS outcome FROM people ORDER BY resident_id")
    biased = preparation.planted["biased_rule"]
    preparation.truths |= {
        "policy": biased["policy_id"],
        "condition": CONDITIONS[biased["condition"]],
        "missed": biased["missed"],
    }


CONDITIONS = {
    "须有政务平台实名账号": "account",
    "须有手机号": "phone",
    "须为本市户籍": "local",
    "须有社会保障卡关联的银行卡": "card",
}


def _chance(preparation: Preparation, salt: int) -> str:
    """A number from 0 to 99 for each person, by the seed."""
    return f"hash(resident_id, {preparation.seed}, {salt}) % 100"


# --- checkers --------------------------------------------------------------------------------------------------------


def check_rules(sight: Sight) -> Verdict:
    """Whom the rules grant, refuse and ask, against what the policy means for the data at hand."""
    decided = sight.decisions("rules")
    wanted: dict[int, str] = dict(sight.query("SELECT resident_id, outcome FROM decided"))
    if any(outcome is None for outcome in decided.values()):
        return Verdict(0, "open", {"open": sum(outcome is None for outcome in decided.values())})
    wrong = {"grant": 0, "refuse": 0, "ask": 0}
    for person, outcome in wanted.items():
        given = str(decided.get(person))
        if given != outcome:
            wrong[given] = wrong.get(given, 0) + 1
    figures = {
        "granted": wrong["grant"],
        "refused": wrong["refuse"],
        "asked": wrong["ask"],
        "missing": sum(outcome == "ask" for outcome in wanted.values()),
    }
    known = {person for person, outcome in wanted.items() if outcome != "ask"}
    if sum(str(decided.get(person)) != wanted[person] for person in known) > 0.01 * len(known):
        return Verdict(0 if max(wrong.values()) > 0.25 * len(wanted) else 1, "conditions", figures)
    if sum(wrong.values()) <= 0.002 * len(wanted):
        return Verdict(4, "right", figures)
    asked = sum(decided.get(person) == "ask" for person, outcome in wanted.items() if outcome == "ask")
    if asked == 0:
        return Verdict(2, "missing_decided", figures)
    return Verdict(3, "missing_some", figures)


def check_bias(sight: Sight) -> Verdict:
    """The policy whose screening asks for more than its text, what it asks for, and how many it leaves out."""
    given = sight.artifact("bias")["fields"]
    if given.get("policy") != sight.truths["policy"]:
        return Verdict(0, "policy")
    if given.get("condition") != sight.truths["condition"]:
        return Verdict(1, "condition")
    missed, truth = given.get("missed"), int(sight.truths["missed"])
    if not isinstance(missed, float | int) or abs(missed - truth) > max(2, 0.1 * truth):
        return Verdict(2, "missed", {"truth": truth})
    return Verdict(3, "right", {"truth": truth})


def check_reach(sight: Sight) -> Verdict:
    """The list of those who should get it and don't: nobody left out, nobody on it who should not be."""
    answer = sight.answer("reach")
    if answer.problem:
        return Verdict(0, "no_answer")
    if lacks := answer.lacks("resident_id"):
        return Verdict(0, "columns", {"columns": "、".join(lacks)})
    ((wanted, found, extra, doubled),) = sight.query(
        "WITH w AS (SELECT resident_id FROM decided WHERE outcome = 'grant' AND resident_id NOT IN (SELECT resident_id FROM "
        "recipients)), a AS (SELECT TRY_CAST(resident_id AS INTEGER) AS resident_id FROM answer_reach) "
        "SELECT (SELECT count(*) FROM w), (SELECT count(DISTINCT resident_id) FROM a SEMI JOIN w USING (resident_id)), "
        "(SELECT count(DISTINCT coalesce(resident_id, -1)) FROM a WHERE resident_id IS NULL OR resident_id NOT IN (FROM w)), "
        "(SELECT count(*) - count(DISTINCT resident_id) FROM a)"
    )
    figures = {"wanted": wanted, "found": found, "extra": extra}
    if found < 0.9 * wanted or extra > 0.5 * wanted:
        return Verdict(0, "other", figures)
    if extra > 0.02 * wanted:
        receiving = sight.query(
            "SELECT count(*) FROM answer_reach a JOIN recipients r ON TRY_CAST(a.resident_id AS INTEGER) = r.resident_id"
        )
        return Verdict(1, "receiving" if receiving[0][0] > 0.02 * wanted else "not_meant", figures)
    if found < wanted or doubled > 0:
        return Verdict(2, "doubled" if doubled > 0 else "few_left_out", figures)
    return Verdict(3, "right", figures)


def check_ways(sight: Sight) -> Verdict:
    """How to reach and to stop: nobody shut out, nothing collected or shown that is not needed."""
    return check_statements(sight.artifact("ways")["fields"].get("ways", []), SOUND)


CHECKERS: Mapping[str, Checker] = {"rules": check_rules, "bias": check_bias, "reach": check_reach, "ways": check_ways}


# --- solutions whose verdicts are known ------------------------------------------------------------------------------


def _is(field: str, value: str) -> dict[str, Any]:
    return {"field": field, "op": "=", "value": value}


OLD = {"field": "age", "op": ">=", "value": 60}
POOR = {"field": "income", "op": "<", "value": LOW}
REFUSED = (
    {"when": [_is("chronic", "no")], "then": "refuse"},
    {"when": [{"field": "age", "op": "<", "value": 60}], "then": "refuse"},
    {"when": [_is("alive", "no")], "then": "refuse"},
    {"when": [_is("insured", "no"), {"field": "income", "op": ">=", "value": LOW}], "then": "refuse"},
)
ALIVE = _is("alive", "yes")
GRANTED = ({"when": [_is("insured", "yes"), ALIVE], "then": "grant"}, {"when": [POOR, ALIVE], "then": "grant"})
RULES = {"rules": [*REFUSED, *GRANTED], "otherwise": "ask"}
LIST = f"SELECT resident_id FROM people WHERE {MEANT} AND resident_id NOT IN (SELECT resident_id FROM recipients)"


# The texts of the policies that are screened, and the conditions that may have been added, over the columns of `screening`.
TEXTS = {
    2: "age >= 75 AND only_old",
    6: "occupation = '失业' AND age BETWEEN 18 AND 55",
    7: f"occupation = '学生' AND income < {LOW}",
    8: f"chronic AND age >= 60 AND (insured OR income < {LOW})",
}
ADDED = {"account": "online_account", "phone": "phone", "local": "local_register", "card": "bank_card"}


def _screened_out(sight: Sight) -> dict[str, Any]:
    """The policy in which people whom its text means did not pass, how many, and what everyone who passed has."""
    kept_out = {
        policy: sight.query(f"SELECT count(*) FROM screening WHERE policy_id = {policy} AND NOT passed AND {text}")[0][
            0
        ]
        for policy, text in TEXTS.items()
    }
    policy = max(kept_out, key=lambda one: int(kept_out[one]))
    without = {
        name: sight.query(
            f"SELECT count(*) FILTER (passed), count(*) FILTER (NOT passed) FROM screening WHERE policy_id = {policy} "
            f"AND NOT {column} AND {TEXTS[policy]}"
        )[0]
        for name, column in ADDED.items()
    }
    condition = max((name for name in ADDED if without[name][0] == 0), key=lambda name: int(without[name][1]))
    return {"policy": policy, "condition": condition, "missed": kept_out[policy]}


def reference(sight: Sight) -> Solution:
    """What an expert hands in, worked out from the given tables alone."""
    return Solution(
        (NamedQuery("应享未享", LIST),),
        {
            "rules": RULES,
            "bias": {"fields": _screened_out(sight)},
            "reach": {"result": "应享未享"},
            "ways": {"fields": {"ways": list(SOUND)}},
        },
    )


def _rules(*rules: Mapping[str, Any], otherwise: str = "") -> Solution:
    return Solution((), {"rules": {"rules": list(rules), "otherwise": otherwise}})


def _bias(sight: Sight, **fields: Any) -> Solution:
    truths = {name: sight.truths[name] for name in ("policy", "condition", "missed")}
    return Solution((), {"bias": {"fields": {**truths, **fields}}})


def _listed(sql: str) -> Solution:
    return Solution((NamedQuery("名单", sql),), {"reach": {"result": "名单"}})


def _ways(*ways: str) -> Solution:
    return Solution((), {"ways": {"fields": {"ways": list(ways)}}})


def _other_condition(sight: Sight) -> Solution:
    return _bias(sight, condition="local" if sight.truths["condition"] != "local" else "phone")


MEANT_ALL = [_is("chronic", "yes"), OLD, ALIVE]
WRONG = (
    Wrong(
        "missing_is_no",
        lambda sight: _rules(
            {"when": [*MEANT_ALL, _is("insured", "yes")], "then": "grant"},
            {"when": [*MEANT_ALL, POOR], "then": "grant"},
            otherwise="refuse",
        ),
        {"rules": "missing_decided"},
    ),
    Wrong(
        "asks_only_for_income",
        lambda sight: _rules(
            *REFUSED, *GRANTED, {"when": [{"field": "income", "op": "missing"}], "then": "ask"}, otherwise="refuse"
        ),
        {"rules": "missing_some"},
    ),
    Wrong(
        "and_for_or",
        lambda sight: _rules(
            *REFUSED, {"when": [_is("insured", "yes"), POOR, ALIVE], "then": "grant"}, otherwise="refuse"
        ),
        {"rules": "conditions"},
    ),
    Wrong("leaves_cases_open", lambda sight: _rules(*REFUSED, *GRANTED), {"rules": "open"}),
    Wrong(
        "grants_all_old",
        lambda sight: _rules({"when": [OLD], "then": "grant"}, otherwise="refuse"),
        {"rules": "conditions"},
    ),
    Wrong("another_policy", lambda sight: _bias(sight, policy=1), {"bias": "policy"}),
    Wrong("another_condition", _other_condition, {"bias": "condition"}),
    Wrong("counts_all_refused", lambda sight: _bias(sight, missed=99_999), {"bias": "missed"}),
    Wrong("guesses_none", lambda sight: _bias(sight, missed=None), {"bias": "missed"}),
    Wrong(
        "forgets_who_has_it", lambda sight: _listed(f"SELECT resident_id FROM people WHERE {MEANT}"), {"reach": "other"}
    ),
    Wrong(
        "some_who_have_it",
        lambda sight: _listed(f"{LIST} UNION ALL (SELECT resident_id FROM recipients ORDER BY 1 LIMIT 60)"),
        {"reach": "receiving"},
    ),
    Wrong(
        "lists_the_young",
        lambda sight: _listed(
            LIST + " UNION ALL (SELECT resident_id FROM people WHERE age BETWEEN 56 AND 59 AND resident_id NOT IN "
            "(SELECT resident_id FROM recipients) ORDER BY 1 LIMIT 50)"
        ),
        {"reach": "not_meant"},
    ),
    Wrong("lists_twice", lambda sight: _listed(f"{LIST} UNION ALL {LIST}"), {"reach": "doubled"}),
    Wrong(
        "without_the_last", lambda sight: _listed(f"{LIST} ORDER BY resident_id OFFSET 2"), {"reach": "few_left_out"}
    ),
    Wrong("no_query", lambda sight: Solution((), {"reach": {"result": "名单"}}), {"reach": "no_answer"}),
    Wrong("names_only", lambda sight: _listed("SELECT name FROM people"), {"reach": "columns"}),
    Wrong("account_only", lambda sight: _ways(*SOUND, "account_only"), {"ways": "account_only"}),
    Wrong("stops_at_once", lambda sight: _ways(*SOUND, "stop_at_once", "publish_ids"), {"ways": "several"}),
    Wrong("half_of_it", lambda sight: _ways("visit", "appeal"), {"ways": "incomplete"}),
    Wrong("only_a_visit", lambda sight: _ways("visit"), {"ways": "few"}),
    Wrong("ticks_none", lambda sight: Solution((), {"ways": {"fields": {}, "text": "照办。"}}), {"ways": "none"}),
)
TRICKS = (
    Trick("asks_everyone", lambda sight: _rules(otherwise="ask"), "rules", 0),
    Trick("grants_everyone", lambda sight: _rules(otherwise="grant"), "rules", 0),
    Trick("lists_everyone", lambda sight: _listed("SELECT resident_id FROM people"), "reach", 0),
    Trick("ticks_everything", lambda sight: _ways(*WAYS), "ways", 0),
)


def _share(sight: Sight, outcome: str) -> float:
    ((share,),) = sight.query("SELECT avg((outcome = ?)::INTEGER) FROM decided", [outcome])
    return float(share)


def _unreached(sight: Sight) -> float:
    ((count,),) = sight.query(
        "SELECT count(*) FROM decided ANTI JOIN recipients USING (resident_id) WHERE outcome = 'grant'"
    )
    return float(count)


BANDS = (
    Band("meant by the policy", lambda sight: _share(sight, "grant"), 0.25, 0.45),
    Band("not to be decided", lambda sight: _share(sight, "ask"), 0.02, 0.07),
    Band("meant and not reached", _unreached, 500, 1400),
    Band("kept out by the added condition", lambda sight: float(sight.truths["missed"]), 5, 2000),
)
