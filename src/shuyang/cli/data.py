"""`shuyang backup`, `restore`, `verify`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuyang.cli.main import example, setup

if TYPE_CHECKING:
    from shuyang.cli.verifying import Verification


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
        "verify",
        help="recompute a score, or check the signature of a receipt or badge",
        **example("  shuyang verify sitting-0198….json\n  shuyang verify receipt-0198….json --key public-key.pem"),
    )
    verify.add_argument("file", type=Path, help="an export from the audit page, a receipt, or a badge (.jwt)")
    verify.add_argument("--key", type=Path, help="the organisation's public key, for receipts and badges")
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
    """Without database or network: the file, the key and this program are all it takes."""
    report = _verify(args.file.read_text("utf-8", "replace").strip(), args.key)
    for line in report.lines:
        print(line)
    return 0 if report.agrees else 1


def _verify(text: str, key: Path | None) -> Verification:
    """By what the file is: a badge, a receipt, or an export to be recomputed."""
    from shuyang.cli.signatures import read_key, verify_badge, verify_receipt
    from shuyang.cli.verifying import verify_export

    if text.count(".") == 2 and not text.startswith("{"):
        return verify_badge(text, read_key(key))
    try:
        found = json.loads(text)
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {}
    return verify_receipt(found, read_key(key)) if "receipt" in found else verify_export(found)
