"""E9 政务服务好差评: measure dissatisfaction as the rules say, find what drives it, say what to do and what one can't know."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from shuyang.practice.authoring import (
    Band,
    ChartAsked,
    Checker,
    NamedQuery,
    Preparation,
    Sight,
    Solution,
    Trick,
    Verdict,
    Wrong,
    check_chart,
    check_statements,
    read_month,
)

CLOSE = 0.005  # of a rate: half a percentage point
SUPPORTED = ("queue_first", "fix_list", "raters_differ", "follow_up")
CLAIMS = (*SUPPORTED, "all_unhappy", "online_cures", "blame_windows", "sign_off")


def prepare(preparation: Preparation) -> None:
    """Give cases, events and ratings; add second ratings of the same case and ratings that the hall entered itself."""
    queue = preparation.planted["queue_bottleneck"]
    preparation.give("halls", "SELECT hall_id, name, windows FROM service_hall ORDER BY hall_id")
    preparation.give(
        "items",
        "SELECT i.item_id, i.name, d.name AS department, i.theme, i.promised_days, i.documents, i.steps FROM service_item i "
        "JOIN department d USING (department_id) ORDER BY item_id",
    )
    preparation.give(
        "cases",
        "SELECT application_id, case_no, item_id, channel, hall_id, window_no, submitted_at, waited, accepted_at, decided_at, "
        "finished_at, returns, working_days, result FROM application ORDER BY application_id",
    )
    preparation.give(
        "events",
        "SELECT application_id, sequence, event, happened_at FROM application_event ORDER BY application_id, sequence",
    )
    _ratings(preparation, queue)
    preparation.hide("true_rates", _rates("rated"))
    preparation.truths |= {
        "hall": queue["hall_id"],
        "theme": queue["theme"],
        "starts": _starts(preparation, queue),
        "returned_item": preparation.planted["needless_returns"]["item_id"],
        "slow_item": preparation.planted["slow_consultation"]["item_id"],
    }
    preparation.truths |= _figures(preparation)


def _starts(preparation: Preparation, queue: Mapping[str, Any]) -> list[dict[str, float]]:
    """The month in which the business slowed down; where the queue took longer to build up, also the first in which people
    waited half as long again, and the one before and after which the waits differ most clearly. Each with both mean waits."""
    months = preparation.sql(
        "SELECT month(day) AS month, avg(waited) FILTER (submitted_at < day) AS before, "
        "avg(waited) FILTER (submitted_at >= day) AS after, "
        "avg(waited) FILTER (submitted_at >= day AND submitted_at < day + INTERVAL 1 MONTH) AS own, "
        "count(*) FILTER (submitted_at < day) * count(*) FILTER (submitted_at >= day) AS weight FROM application CROSS JOIN "
        "(SELECT unnest(generate_series(CAST(? AS DATE), DATE '2025-12-01', INTERVAL 1 MONTH)) AS day) "
        "WHERE hall_id = ? GROUP BY day ORDER BY day",
        [queue["since"], queue["hall_id"]],
    )
    felt = next((month for month in months if month[3] > 1.5 * months[0][1]), months[0])
    clearest = max(months, key=lambda month: (month[2] - month[1]) * math.sqrt(month[4]))
    names = ("month", "before", "after")
    return [
        dict(zip(names, map(float, month[:3]), strict=True)) for month in dict.fromkeys((months[0], felt, clearest))
    ]


def _ratings(preparation: Preparation, queue: Mapping[str, Any]) -> None:
    """Some cases were rated twice (the last one counts); in the slow hall the window's own terminal rated, too."""
    seed = preparation.seed
    preparation.sql(
        "CREATE TABLE real AS SELECT application_id, score, rated_at, comment, "
        "['短信链接', '评价器', '小程序'][1 + (hash(application_id, ?) % 3)::INTEGER] AS source FROM rating",
        [seed],
    )
    preparation.sql(
        "CREATE TABLE again AS SELECT application_id, 1 + (hash(application_id, ?) % 5)::INTEGER AS score, "
        "rated_at - INTERVAL 1 MINUTE * (1 + (hash(application_id, ?) % 2880)::INTEGER) AS rated_at, NULL AS comment, source "
        "FROM real WHERE hash(application_id, ?) % 100 < 5",
        [seed + 1, seed + 2, seed + 3],
    )
    preparation.sql(
        "CREATE TABLE own AS SELECT application_id, 5 AS score, "
        "finished_at + INTERVAL 1 SECOND * (5 + (hash(application_id, ?) % 60)::INTEGER) AS rated_at, NULL AS comment, "
        "'窗口终端' AS source FROM application WHERE hall_id = ? AND finished_at >= CAST(? AS TIMESTAMP) "
        "AND application_id NOT IN (SELECT application_id FROM rating) AND hash(application_id, ?) % 100 < 40",
        [seed + 4, queue["hall_id"], queue["since"], seed + 5],
    )
    preparation.give(
        "ratings",
        "SELECT row_number() OVER (ORDER BY rated_at, application_id, source) AS rating_id, * FROM (FROM real UNION ALL BY NAME "
        "FROM again UNION ALL BY NAME FROM own) ORDER BY rating_id",
    )
    preparation.hide(
        "rated",
        "SELECT * FROM ratings WHERE source <> '窗口终端' "
        "QUALIFY row_number() OVER (PARTITION BY application_id ORDER BY rated_at DESC) = 1 ORDER BY rating_id",
    )


def _rates(ratings: str) -> str:
    return (
        "SELECT c.hall_id, count(*) AS rated, count(*) FILTER (r.score <= 2) AS bad, "
        f"count(*) FILTER (r.score <= 2) / count(*) AS bad_rate FROM {ratings} r JOIN cases c USING (application_id) "
        "WHERE c.channel = '窗口' GROUP BY c.hall_id ORDER BY c.hall_id"
    )


def _figures(preparation: Preparation) -> dict[str, float]:
    """The figures of the two single items, computed as a careful person would."""
    ((returned,),) = preparation.sql(
        "SELECT avg((returns > 0)::INTEGER) FROM application WHERE item_id = ?",
        [preparation.planted["needless_returns"]["item_id"]],
    )
    ((days,),) = preparation.sql(
        "SELECT median(date_diff('minute', a.happened_at, b.happened_at) / 1440.0) FROM application_event a "
        "JOIN application_event b "
        "USING (application_id) JOIN application p USING (application_id) "
        "WHERE a.event = '审核' AND b.event = '决定' AND p.item_id = ?",
        [preparation.planted["slow_consultation"]["item_id"]],
    )
    return {"returned_share": float(returned or 0), "consult_days": float(days or 0)}


# --- checkers --------------------------------------------------------------------------------------------------------


def check_rates(sight: Sight) -> Verdict:
    """By hall the share of bad ratings: one rating a case, none entered by the hall itself."""
    answer = sight.answer("rates")
    if answer.problem:
        return Verdict(0, "no_answer")
    if lacks := answer.lacks("hall_id", "bad_rate"):
        return Verdict(0, "columns", {"columns": "、".join(lacks)})
    shares = {
        "right": _agreement(sight, "SELECT hall_id, bad_rate FROM true_rates"),
        "doubles": _agreement(sight, _given("SELECT * FROM ratings WHERE source <> '窗口终端'")),
        "own": _agreement(
            sight,
            _given(
                "SELECT * FROM ratings QUALIFY row_number() OVER (PARTITION BY application_id ORDER BY rated_at DESC) = 1"
            ),
        ),
        "raw": _agreement(sight, _given("SELECT * FROM ratings")),
    }
    if shares["right"] == 1:
        return Verdict(3, "right")
    best = max(("doubles", "own", "raw"), key=lambda name: shares[name])
    if shares[best] < 0.99:
        return Verdict(0, "other", {"halls": round(6 * shares["right"])})
    return Verdict(1 if best == "raw" else 2, best)


def _given(ratings: str) -> str:
    return f"SELECT hall_id, bad_rate FROM ({_rates(f'({ratings})')})"


def _agreement(sight: Sight, truth: str) -> float:
    """The share of halls whose rate agrees; halls given twice or invented count as wrong."""
    ((share,),) = sight.query(
        f"WITH t AS ({truth}), a AS (SELECT TRY_CAST(hall_id AS INTEGER) AS hall_id, TRY_CAST(bad_rate AS DOUBLE) AS rate "
        "FROM answer_rates) SELECT count(*) FILTER (abs(a.rate - t.bad_rate) <= ? OR abs(a.rate / 100 - t.bad_rate) <= ?) "
        "/ greatest((SELECT count(*) FROM t), (SELECT count(*) FROM a WHERE hall_id IS NOT NULL)) "
        "FROM t LEFT JOIN a USING (hall_id)",
        [CLOSE, CLOSE],
    )
    return float(share or 0)


def check_cause(sight: Sight) -> Verdict:
    """The hall that got worse, since when, by which business, through what."""
    given = sight.artifact("cause")["fields"]
    place = given.get("hall") == sight.truths["hall"]
    starts = [start for start in sight.truths["starts"] if start["month"] == given.get("month")]
    theme = given.get("theme") == sight.truths["theme"]
    waiting = given.get("through") == "waiting"
    figures = any(
        all(_near(given.get(when), start[when], max(0.5, 0.1 * start[when])) for when in ("before", "after"))
        for start in starts
    )
    if not place:
        return Verdict(0, "hall")
    if not waiting:
        return Verdict(1, "through")
    if not theme or not starts:
        return Verdict(2, "theme" if not theme else "month")
    return Verdict(4, "right") if figures else Verdict(3, "figures")


def _near(value: Any, truth: float, tolerance: float) -> bool:
    return isinstance(value, int | float) and abs(float(value) - truth) <= tolerance


def check_trend(sight: Sight) -> Verdict:
    """A line for each hall over the months: the mean wait of its window cases."""
    waits = sight.query(
        "SELECT month(submitted_at)::VARCHAR, hall_id::VARCHAR, avg(waited) FROM cases WHERE channel = '窗口' GROUP BY ALL"
    )
    halls: dict[str, str] = dict(sight.query("SELECT name, hall_id::VARCHAR FROM halls"))
    asked = ChartAsked(
        {(month, hall): wait for month, hall, wait in waits},
        kinds=("line",),
        title=(("等候", "等待", "排队", "等多久"), ("月", "年", "趋势", "走势", "变化")),
        along=read_month,
        split=lambda name: halls.get(name, name),
    )
    return check_chart(sight.chart("trend"), asked)


def check_returns(sight: Sight) -> Verdict:
    """The item that is sent back too often, how often, and the remedy that fits the cause."""
    given = sight.artifact("returns")["fields"]
    truth = 100 * float(sight.truths["returned_share"])
    if given.get("item") != sight.truths["returned_item"]:
        return Verdict(0, "item")
    if not _near(given.get("share"), truth, 2):
        return Verdict(1, "share", {"truth": round(truth)})
    return Verdict(3, "right") if given.get("remedy") == "list" else Verdict(2, "remedy")


def check_time(sight: Sight) -> Verdict:
    """The item whose time goes into consultation, not into review."""
    given = sight.artifact("time")["fields"]
    if given.get("item") != sight.truths["slow_item"]:
        return Verdict(0, "item")
    if given.get("step") != "consult":
        return Verdict(1, "step")
    days = float(sight.truths["consult_days"])
    return Verdict(3, "right") if _near(given.get("days"), days, max(1.0, 0.15 * days)) else Verdict(2, "days")


def check_advice(sight: Sight) -> Verdict:
    """Which statements the data bear."""
    return check_statements(sight.artifact("advice")["fields"].get("claims", []), SUPPORTED)


CHECKERS: Mapping[str, Checker] = {
    "rates": check_rates,
    "cause": check_cause,
    "trend": check_trend,
    "returns": check_returns,
    "time": check_time,
    "advice": check_advice,
}


# --- solutions whose verdicts are known ------------------------------------------------------------------------------

CLEAN = (
    "SELECT * FROM ratings WHERE source <> '窗口终端' "
    "QUALIFY row_number() OVER (PARTITION BY application_id ORDER BY rated_at DESC) = 1"
)
RATE = (
    "SELECT c.hall_id, avg((r.score <= 2)::INTEGER) AS bad_rate FROM {} r JOIN cases c USING (application_id) "
    "WHERE c.channel = '窗口' GROUP BY c.hall_id"
)


TREND: Mapping[str, Any] = {
    "source": "cases", "type": "line", "x": "submitted_at", "per": "month", "measure": "avg", "y": "waited",
    "split": "hall_id", "filters": [{"column": "channel", "op": "=", "value": "窗口"}], "unit": "分钟", "axis": "zero",
    "title": "各大厅窗口办件平均等候时间，2025 年各月",
}  # fmt: skip


def reference(sight: Sight) -> Solution:
    """What an expert hands in, worked out from the given tables alone."""
    return Solution(
        (NamedQuery("有效评价", CLEAN), NamedQuery("差评率", RATE.format("有效评价"))),
        {
            "rates": {"result": "差评率"},
            "cause": {"fields": _change(sight)},
            "trend": TREND,
            "returns": {"fields": _sent_back(sight)},
            "time": {"fields": _consulted(sight)},
            "advice": {"fields": {"claims": list(SUPPORTED)}},
        },
    )


def _change(sight: Sight) -> dict[str, Any]:
    """The hall and month with the clearest step in the wait, and the theme whose time at the window grew the most there."""
    ((hall, month, before, after),) = sight.query(
        "WITH m AS (SELECT DISTINCT date_trunc('month', submitted_at) AS month FROM cases), s AS (SELECT c.hall_id, m.month, "
        "avg(waited) FILTER (submitted_at < m.month) AS before, avg(waited) FILTER (submitted_at >= m.month) AS after, "
        "count(*) FILTER (submitted_at < m.month) AS n, count(*) FILTER (submitted_at >= m.month) AS k FROM cases c CROSS JOIN m "
        "WHERE c.channel = '窗口' GROUP BY c.hall_id, m.month) "
        "SELECT hall_id, month, before, after FROM s WHERE n > 0 ORDER BY (after - before) * sqrt(n * k / (n + k)) DESC LIMIT 1"
    )
    ((theme,),) = sight.query(
        "SELECT i.theme FROM cases c JOIN items i USING (item_id) "
        "JOIN events called ON called.application_id = c.application_id AND called.event = '叫号' JOIN events taken "
        "ON taken.application_id = c.application_id AND taken.event = '受理' WHERE c.hall_id = ? AND c.returns = 0 "
        "GROUP BY i.theme HAVING least(count(*) FILTER (submitted_at < ?), count(*) FILTER (submitted_at >= ?)) >= 5 "
        "ORDER BY count(*) * ln(median(date_diff('minute', called.happened_at, taken.happened_at)) FILTER (submitted_at >= ?) "
        "/ median(date_diff('minute', called.happened_at, taken.happened_at)) FILTER (submitted_at < ?)) DESC LIMIT 1",
        [hall, month, month, month, month],
    )
    return {
        "hall": hall, "month": month.month, "theme": theme, "through": "waiting", "before": round(before, 1), "after": round(after, 1),
    }  # fmt: skip


def _sent_back(sight: Sight) -> dict[str, Any]:
    ((item, share),) = sight.query(
        "SELECT item_id, 100 * avg((returns > 0)::INTEGER) AS share FROM cases GROUP BY item_id HAVING count(*) >= 20 "
        "ORDER BY share DESC LIMIT 1"
    )
    return {"item": item, "share": round(share, 1), "remedy": "list"}


def _consulted(sight: Sight) -> dict[str, Any]:
    ((item, days),) = sight.query(
        "SELECT item_id, median(date_diff('minute', a.happened_at, b.happened_at) / 1440.0) AS days FROM events a "
        "JOIN events b USING (application_id) JOIN cases USING (application_id) WHERE a.event = '审核' AND b.event = '决定' "
        "GROUP BY item_id HAVING count(*) >= 10 ORDER BY days DESC LIMIT 1"
    )
    return {"item": item, "step": "consult", "days": round(days, 1)}


def _with(sight: Sight, task: str, **fields: Any) -> Solution:
    """The reference with some fields of a task changed."""
    whole = reference(sight)
    changed = {**whole.artifacts[task]["fields"], **fields}
    return Solution(whole.queries, {**whole.artifacts, task: {"fields": changed}})


def _rated(sight: Sight, ratings: str) -> Solution:
    return Solution((NamedQuery("差评率", RATE.format(f"({ratings})")),), {"rates": {"result": "差评率"}})


def _drawn(**changes: Any) -> Solution:
    """The chart of the reference with some choices changed."""
    return Solution((), {"trend": {**TREND, **changes}})


def _drawn_by_query(sql: str) -> Solution:
    """A chart over a query that already holds months, halls and values."""
    over = {"source": "等候", "x": "m", "per": "", "measure": "max", "y": "w", "split": "h", "filters": []}
    return Solution((NamedQuery("等候", sql),), {"trend": {**TREND, **over}})


def _worst_by_level(sight: Sight) -> Solution:
    """Takes another hall: the one that always had the longest queues, not the one that changed."""
    return _with(sight, "cause", hall=1 + sight.truths["hall"] % 6)


def _all_claims(sight: Sight) -> Solution:
    return _with(sight, "advice", claims=list(CLAIMS))


def _every_rate(sight: Sight) -> Solution:
    """Answers with a row for every possible rate, hoping that one fits."""
    many = "SELECT h.hall_id, r.range / 200.0 AS bad_rate FROM halls h CROSS JOIN range(0, 60) r"  # 60 guesses a hall
    return Solution((NamedQuery("差评率", many),), {"rates": {"result": "差评率"}})


def _percent_and_share(sight: Sight) -> Solution:
    """Gives a number that reads as a share for one hall and as a percentage for another: all zero."""
    return Solution(
        (NamedQuery("差评率", "SELECT hall_id, 0 AS bad_rate FROM halls"),), {"rates": {"result": "差评率"}}
    )


WRONG = (
    Wrong("raw_ratings", lambda sight: _rated(sight, "SELECT * FROM ratings"), {"rates": "raw"}),
    Wrong(
        "forgot_doubles",
        lambda sight: _rated(sight, "SELECT * FROM ratings WHERE source <> '窗口终端'"),
        {"rates": "doubles"},
    ),
    Wrong(
        "believed_own_terminal",
        lambda sight: _rated(
            sight,
            "SELECT * FROM ratings QUALIFY row_number() OVER (PARTITION BY application_id ORDER BY rated_at DESC) = 1",
        ),
        {"rates": "own"},
    ),
    Wrong("query_was_removed", lambda sight: Solution((), {"rates": {"result": "差评率"}}), {"rates": "no_answer"}),
    Wrong(
        "forgot_a_column",
        lambda sight: Solution((NamedQuery("差评率", "SELECT hall_id FROM halls"),), {"rates": {"result": "差评率"}}),
        {"rates": "columns"},
    ),
    Wrong("counts_cases", lambda sight: _drawn(measure="count", y=""), {"trend": "measure"}),
    Wrong("sums_waits", lambda sight: _drawn(measure="sum"), {"trend": "measure"}),
    Wrong("all_halls_together", lambda sight: _drawn(split=""), {"trend": "grouping"}),
    Wrong("day_by_day", lambda sight: _drawn(per="day"), {"trend": "grouping"}),
    Wrong("seventy_two_bars", lambda sight: _drawn(type="bar"), {"trend": "kind"}),
    Wrong("no_title", lambda sight: _drawn(title=""), {"trend": "title"}),
    Wrong("a_title_that_says_nothing", lambda sight: _drawn(title="图一"), {"trend": "title"}),
    Wrong("only_a_source", lambda sight: Solution((), {"trend": {"source": "cases"}}), {"trend": "no_chart"}),
    Wrong("another_theme", lambda sight: _with(sight, "cause", theme="医保"), {"cause": "theme"}),
    Wrong("another_month", lambda sight: _with(sight, "cause", month=12), {"cause": "month"}),
    Wrong("whole_year_means", lambda sight: _with(sight, "cause", before=20, after=20), {"cause": "figures"}),
    Wrong("another_item", lambda sight: _with(sight, "returns", item=1), {"returns": "item"}),
    Wrong("counts_not_shares", lambda sight: _with(sight, "returns", share=3), {"returns": "share"}),
    Wrong("longest_item", lambda sight: _with(sight, "time", item=1), {"time": "item"}),
    Wrong("mean_for_median", lambda sight: _with(sight, "time", days=99), {"time": "days"}),
    Wrong(
        "writes_only", lambda sight: Solution((), {"advice": {"fields": {}, "text": "请阅示。"}}), {"advice": "none"}
    ),
    Wrong("ticks_one", lambda sight: _with(sight, "advice", claims=["fix_list"]), {"advice": "few"}),
    Wrong("ticks_two", lambda sight: _with(sight, "advice", claims=list(SUPPORTED[:2])), {"advice": "incomplete"}),
    Wrong(
        "believes_the_terminal_twice",
        lambda sight: _with(sight, "advice", claims=[*SUPPORTED, "all_unhappy", "sign_off"]),
        {"advice": "several"},
    ),
    Wrong("another_hall", _worst_by_level, {"cause": "hall"}),
    Wrong("blames_manners", lambda sight: _with(sight, "cause", through="manner"), {"cause": "through"}),
    Wrong("adds_windows", lambda sight: _with(sight, "returns", remedy="windows"), {"returns": "remedy"}),
    Wrong("blames_review", lambda sight: _with(sight, "time", step="review"), {"time": "step"}),
    Wrong(
        "takes_raters_for_all",
        lambda sight: _with(sight, "advice", claims=[*SUPPORTED, "all_unhappy"]),
        {"advice": "all_unhappy"},
    ),
)
TRICKS = (
    Trick("every_claim", _all_claims, "advice", 0),
    Trick("every_rate", _every_rate, "rates", 0),
    Trick("right_title_on_a_wrong_chart", lambda sight: _drawn(measure="max"), "trend", 0),
    Trick(
        "a_line_of_zeros",
        lambda sight: _drawn_by_query(
            "SELECT m.range AS m, h.hall_id AS h, 0 AS w FROM halls h CROSS JOIN range(1, 13) m"
        ),
        "trend",
        0,
    ),
    Trick(
        "every_value_on_one_chart",
        lambda sight: _drawn_by_query(
            "SELECT m.range AS m, h.hall_id || '-' || v.range AS h, v.range AS w "
            "FROM halls h CROSS JOIN range(1, 13) m CROSS JOIN range(1, 60) v"
        ),
        "trend",
        0,
    ),
    Trick("all_zero", _percent_and_share, "rates", 0),
)


def _growth(sight: Sight) -> float:
    start = sight.truths["starts"][0]
    return float(start["after"]) / float(start["before"])


BANDS = (
    Band("growth of the wait", _growth, 2, 20),
    Band("cases sent back", lambda sight: float(sight.truths["returned_share"]), 0.6, 0.85),
    Band("days of consultation", lambda sight: float(sight.truths["consult_days"]), 10, 40),
)
