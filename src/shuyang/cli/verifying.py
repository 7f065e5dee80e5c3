"""Recompute a score from an auditor's export: release hash, chain of answers, posterior, levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuyang.kernel.canonical import content_hash
from shuyang.kernel.errors import Invalid, Problem
from shuyang.measurement.cat.contracts import CatItem, LevelCuts, Prior, ScaleTransform
from shuyang.measurement.receipts import Agreement, recompute
from shuyang.trust.rules import check_chain  # the pure rule: the door would need Django and a database


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, in words, and whether all of it agrees."""

    agrees: bool
    lines: tuple[str, ...]


def verify_export(export: Mapping[str, Any]) -> Verification:
    """Check an export of `shuyang-audit-export`. Raises `Invalid` for another kind of file, or a broken one."""
    try:
        if export["kind"] == "shuyang-audit-export":
            return _verify(export)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Invalid([Problem("file", "not_an_audit_export")]) from error
    raise Invalid([Problem("file", "not_an_audit_export")])


def _verify(export: Mapping[str, Any]) -> Verification:
    release_holds = content_hash(export["release"]) == export["release_hash"]
    chain_holds = not check_chain(f"sitting:{export['sitting']}", _links(export)) and _items_fit(export)
    agreement = _recompute(export)
    lines = [
        line(release_holds, "题库发布版与指纹一致", "the release fits its fingerprint"),
        line(chain_holds, f"{len(export['responses'])} 条作答记录链条完整", "the chain of answers is whole"),
        line(agreement.agrees, f"重算得分一致（容差 {agreement.tolerance:g}）", "the recomputed score agrees"),
    ]
    plan_holds = _plan_holds(export)
    if "plan" in export:
        lines.append(
            line(plan_holds, "试卷方案与指纹一致，题目出自方案", "the plan fits its fingerprint and gave these items")
        )
    lines += [
        f"    {d.field}: 记录 claimed {d.claimed:.6f}, 重算 recomputed {d.recomputed:.6f}"
        for d in agreement.differences
    ]
    for item in export.get("neutralised", ()):
        lines.append(f"    {item}: 已判定有误，不计分 found faulty, does not count")
    scores = ", ".join(
        f"{f} {s:.1f}±{1.96 * e:.1f}"
        for f, s, e in zip(
            export["release"]["forces"], agreement.recomputed.scale, agreement.recomputed.scale_se, strict=True
        )
    )
    holds = release_holds and chain_holds and plan_holds and agreement.agrees
    return Verification(holds, (*lines, f"    {scores}"))


def line(holds: bool, chinese: str, english: str) -> str:
    """One thing that was checked, in both languages."""
    return f"{'✓' if holds else '✗ 不成立 FAILS:'} {chinese} / {english}"


def _links(export: Mapping[str, Any]) -> list[tuple[int, str, str, dict[str, Any]]]:
    """The links as the delivery room wrote them: each response is exported as its link covers it, and more."""
    own = {"item", "previous_hash", "hash"}
    return [
        (r["position"], r["previous_hash"], r["hash"], {name: r[name] for name in r.keys() - own})
        for r in export["responses"]
    ]


def _items_fit(export: Mapping[str, Any]) -> bool:
    """Is each answer scored on the item at the place in the release that its link names?"""
    items = export["release"]["items"]
    return all(0 <= r["index"] < len(items) and items[r["index"]]["id"] == r["item"] for r in export["responses"])


def _plan_holds(export: Mapping[str, Any]) -> bool:
    """Does the plan fit its hash, and did the items come from its form, in its order, or from the panel's modules?"""
    if "plan" not in export:
        return True
    plan, given = export["plan"], [r["item"] for r in export["responses"]]
    if content_hash(plan) != export["plan_hash"]:
        return False
    if plan["kind"] == "forms":
        form = plan["forms"][export["form"]]
        return [item for item in form if item in set(given)] == given
    if plan["kind"] == "multistage":
        stages = plan["panels"][export["form"]]["stages"]
        return all(sum(bool(set(m["items"]) & set(given)) for m in stage) <= 1 for stage in stages) and set(given) <= {
            item for stage in stages for m in stage for item in m["items"]
        }
    return True


def _recompute(export: Mapping[str, Any]) -> Agreement:
    body = export["release"]
    cuts = [LevelCuts(tuple(body["cuts"][f]["cuts"]), tuple(body["cuts"][f]["se"])) for f in body["forces"]]
    neutralised = set(export.get("neutralised", ()))
    return recompute(
        [CatItem.from_dict(item["cat"]) for item in body["items"]],
        [(r["item"], r["category"]) for r in export["responses"] if r["item"] not in neutralised],
        Prior.from_dict(body["prior"]),
        export["claimed"],
        cuts=cuts,
        transform=ScaleTransform(**body["transform"]),
        tolerance=body["tolerance"],
    )
