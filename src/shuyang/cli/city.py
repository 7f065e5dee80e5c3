"""`shuyang city make`: the invented city 云川市 as files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shuyang.cli.main import example
from shuyang.cli.measure_output import progress


def register(commands: Any) -> None:
    city = commands.add_parser("city", help="the invented city of the practice range")
    below = city.add_subparsers(title="commands", metavar="COMMAND", required=True)
    make = below.add_parser(
        "make",
        help="write an invented city as Parquet or DuckDB, with a data dictionary",
        **example("  shuyang city make --residents 200000 --seed 7 --out yunchuan --format parquet"),
    )
    make.add_argument("--residents", type=int, default=20_000, help="20000 to 2000000 residents")
    make.add_argument("--seed", type=int, default=1, help="the same seed makes the same city")
    make.add_argument("--out", type=Path, required=True, help="a new folder")
    make.add_argument(
        "--format", choices=("parquet", "duckdb"), default="duckdb", help="one file a table, or one database"
    )
    make.add_argument(
        "--truths",
        type=Path,
        metavar="FILE",
        help="also write a DuckDB file with the answers, for teachers, outside that folder",
    )
    make.set_defaults(run=run_make)


def run_make(args: argparse.Namespace) -> int:
    from shuyang.practice.city.api import Format, export_city

    with progress("云川市") as report:
        files = export_city(
            residents=args.residents, seed=args.seed, out=args.out, format=Format(args.format), truths=args.truths,
            report=report,
        )  # fmt: skip
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"已写出 written: {args.out} ({len(files)} 个文件 files, {size:.1f} MB)")
    print("全部数据均为虚构 all of it is invented")
    return 0
