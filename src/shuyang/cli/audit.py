"""`shuyang audit verify`, `shuyang audit heads`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shuyang.cli.main import example, setup

KINDS = {
    "changed": "被改动 changed",
    "removed": "被删除 removed",
    "inserted": "被插入 inserted",
    "truncated": "末尾被截 truncated",
}


def register(commands: Any) -> None:
    audit = commands.add_parser(
        "audit", help="the tamper-evident log", **example("  shuyang audit verify --heads heads-2026-11-22.json")
    )
    actions = audit.add_subparsers(metavar="ACTION", required=True)
    verify = actions.add_parser(
        "verify",
        help="recompute all chains, against exported heads where given",
        **example("  shuyang audit verify\n  shuyang audit verify --heads heads-2026-11-22.json"),
    )
    verify.add_argument(
        "--heads", type=Path, action="append", default=[], help="a file of heads exported earlier (repeatable)"
    )
    verify.set_defaults(run=run_verify)
    heads = actions.add_parser(
        "heads", help="export the signed heads of all chains", **example("  shuyang audit heads heads-2026-11-22.json")
    )
    heads.add_argument("file", type=Path, help="where to write them: a place the database's keepers can't change")
    heads.set_defaults(run=run_heads)


def run_verify(args: argparse.Namespace) -> int:
    setup()
    from shuyang.delivery.api import check_sittings
    from shuyang.trust.api import check_audit, read_heads_document

    heads = [head for path in args.heads for head in read_heads_document(path.read_text("utf-8", "replace"))]
    reports = [check_audit(heads=heads), check_sittings(heads=heads)]
    for report in reports:
        for problem in report.problems:
            print(f"✗ {problem.chain} #{problem.sequence}: {KINDS.get(problem.kind, problem.kind)}")
    chains, entries = sum(r.chains for r in reports), sum(r.entries for r in reports)
    whole = all(r.whole for r in reports)
    verdict = "✓ 日志完整 the log is whole" if whole else "✗ 日志不完整 the log is NOT whole"
    print(f"{verdict}: {chains} 链 chains, {entries} 条 entries, {len(heads)} 个链头 heads")
    return 0 if whole else 1


def run_heads(args: argparse.Namespace) -> int:
    setup()
    from shuyang.delivery.api import sitting_heads
    from shuyang.trust.api import audit_heads, heads_document

    heads = [*audit_heads(), *sitting_heads()]
    args.file.write_text(heads_document(heads), "utf-8")
    print(f"✓ {len(heads)} 个链头已签名导出 signed heads written: {args.file}")
    return 0
