"""Recompute a score from an auditor's export: release hash, chain of answers, posterior, levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuyang.kernel.canonical import content_hash
from shuyang.kernel.errors import Invalid, Problem
from shuyang.measurement.cat.contracts import CatItem, LevelCuts, Prior, ScaleTransform
from shuyang.measurement.receipts import Agreement, recompute
from shuyang.trust.api import check_chain


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, in words, and whether all of it agrees."""

    agrees: bool
    lines: tuple[str, ...]


def verify_export(export: Mapping[str, Any]) -> Verification:
    """Check an export of `shuyang-audit-export`. Raises `Invalid` for another kind of file."""
    if export.get("kind") != "shuyang-audit-export":
        raise Invalid([Problem("file", "not_an_audit_export")])
    release_holds = content_hash(export["release"]) == export["release_hash"]
    chain_holds = not check_chain(f"sitting:{export['sitting']}", _links(export))
    agreement = _recompute(export)
    lines = [
        _line(release_holds, "题库发布版与指纹一致", "the release fits its fingerprint"),
        _line(chain_holds, f"{len(export['responses'])} 条作答记录链条完整", "the chain of answers is whole"),
        _line(agreement.agrees, f"重算得分一致（容差 {agreement.tolerance:g}）", "the recomputed score agrees"),
    ]
    lines += [f"    {d.field}: 记录 claimed {d.claimed:.6f}, 重算 recomputed {d.recomputed:.6f}" for d in agreement.differences]
    scores = ", ".join(f"{f} {s:.1f}±{1.96 * e:.1f}" for f, s, e in zip(
        export["release"]["forces"], agreement.recomputed.scale, agreement.recomputed.scale_se, strict=True))
    return Verification(release_holds and chain_holds and agreement.agrees, (*lines, f"    {scores}"))


def _line(holds: bool, chinese: str, english: str) -> str:
    return f"{'✓' if holds else '✗ 不成立 FAILS:'} {chinese} / {english}"


def _links(export: Mapping[str, Any]) -> list[tuple[int, str, str, dict[str, Any]]]:
    """The links as the delivery room wrote them (see `delivery.rules.response_payload`)."""
    return [
        (
            r["position"], r["previous_hash"], r["hash"],
            {
                "sitting": export["sitting"], "position": r["position"], "key": r["key"], "item": r["version"], "response": r["response"],
                "category": r["category"], "presented_at": r["presented_at"], "answered_at": r["answered_at"],
            },
        )
        for r in export["responses"]
    ]


def _recompute(export: Mapping[str, Any]) -> Agreement:
    body = export["release"]
    cuts = [LevelCuts(tuple(body["cuts"][f]["cuts"]), tuple(body["cuts"][f]["se"])) for f in body["forces"]]
    return recompute(
        [CatItem.from_dict(item["cat"]) for item in body["items"]], [(r["item"], r["category"]) for r in export["responses"]],
        Prior.from_dict(body["prior"]), export["claimed"], cuts=cuts, transform=ScaleTransform(**body["transform"]),
        tolerance=body["tolerance"],
    )


