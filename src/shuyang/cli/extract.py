"""`shuyang extract`: the columnar extract that unit results are computed from."""

from __future__ import annotations

import argparse
from typing import Any

from shuyang.cli.main import example, setup


def register(commands: Any) -> None:
    extract = commands.add_parser(
        "extract", help="the columnar extract behind unit results", **example("  shuyang extract check")
    )
    what = extract.add_subparsers(title="what to do", metavar="ACTION", required=True)
    for name, words, run in (
        ("update", "add what evidence has gained", run_update),
        ("rebuild", "make it anew from evidence", run_rebuild),
        ("check", "make a second one and compare", run_check),
    ):
        one = what.add_parser(name, help=words, **example(f"  shuyang extract {name}"))
        one.set_defaults(run=run)


def run_update(args: argparse.Namespace) -> int:
    setup()
    from shuyang.feedback.api import update_extract

    report = update_extract()
    print(f"分析数据已更新 extract updated: {report.rows} 行 rows, 新增 new {report.added}")
    return 0


def run_rebuild(args: argparse.Namespace) -> int:
    setup()
    from shuyang.feedback.api import rebuild_extract

    report = rebuild_extract()
    print(f"分析数据已重建 extract rebuilt: {report.rows} 行 rows, {report.digest[:16]}")
    return 0


def run_check(args: argparse.Namespace) -> int:
    setup()
    from shuyang.feedback.api import check_extract

    found = check_extract()
    print(f"现有 present: {found.rows} 行 rows {found.digest[:16]}")
    print(f"重算 anew:    {found.rows_anew} 行 rows {found.digest_anew[:16]}")
    print("一致 equal" if found.equal else "不一致 different: shuyang extract rebuild")
    return 0 if found.equal else 1
