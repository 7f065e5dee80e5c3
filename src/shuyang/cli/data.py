"""`shuyang backup`, `restore`, `verify`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from shuyang.cli.main import example, setup


def register(commands: Any) -> None:
    backup = commands.add_parser(
        "backup",
        help="one file with database, secrets and files",
        **example("  shuyang backup /mnt/safe/shuyang.tar.gz"),
    )
    backup.add_argument("file", nargs="?", type=Path, help="where to write (default: backups/ in the data folder)")
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser(
        "restore", help="put a backup back and check it", **example("  shuyang restore shuyang.tar.gz --replace")
    )
    restore.add_argument("file", type=Path, help="a file that `shuyang backup` wrote")
    restore.add_argument(
        "--replace", action="store_true", help="replace the data that is there (it is kept beside, renamed)"
    )
    restore.set_defaults(run=run_restore)
    verify = commands.add_parser(
        "verify", help="recompute a score from the auditor's export", **example("  shuyang verify sitting-0198….json")
    )
    verify.add_argument("file", type=Path, help="an export from the audit page")
    verify.set_defaults(run=run_verify)


def run_backup(args: argparse.Namespace) -> int:
    setup()
    from shuyang.cli.backup import make_backup

    path, size = make_backup(args.file)
    print(f"备份完成 backup written: {path} ({size / 1e6:.1f} MB)")
    print("备份内含密钥，请妥善保管 it contains the keys: keep it safe")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    setup()
    from shuyang.cli.backup import restore_backup

    restore_backup(args.file, replace=args.replace)
    print("已恢复并通过校验 restored and verified. 下一步 next: shuyang audit verify")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Recompute without database: the file and this program are all it takes."""
    from shuyang.cli.verifying import verify_export

    report = verify_export(_export(args.file))
    for line in report.lines:
        print(line)
    return 0 if report.agrees else 1


def _export(path: Path) -> dict[str, Any]:
    """The JSON object in the file, or an empty one, which is no export."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
