"""An installation of its own, and the `shuyang` command run in it as people run it: another process, a real database."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
OURS = ("SHUYANG_HOME", "SHUYANG_SECRETS", "SHUYANG_FILES", "SHUYANG_DATABASE", "DJANGO_SETTINGS_MODULE")

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import transaction
from shuyang.people.api import create_administrator
from shuyang.trust.api import SYSTEM, blind_index, record
create_administrator(username="admin")
blind_index("x", field="x")
with transaction.atomic():
    for number in range(3):
        record(actor=SYSTEM, action="thing.done", object_kind="thing", object_id=number, unit_path="c/")
"""


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Installation:
    """A data folder with what `shuyang up` would have made of it; `database` on PostgreSQL is a URL."""

    home: Path
    database: str = ""

    @property
    def file(self) -> Path:
        return self.home / "shuyang.sqlite3"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        return kept | {
            "SHUYANG_HOME": str(self.home),
            "SHUYANG_DATABASE": self.database,
            "PYTHONPATH": str(SOURCE),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def prepare(self) -> None:
        """Tables, an administrator, three audit entries, and a file."""
        environment = self.environment() | {"DJANGO_SETTINGS_MODULE": "shuyang.config.settings"}
        subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
        (self.home / "files").mkdir()
        (self.home / "files" / "名册.txt").write_text("名册")

    def shuyang(self, *arguments: str | Path) -> Said:
        """`shuyang ARGUMENTS` in a process of its own."""
        command = [sys.executable, "-m", "shuyang.cli", *map(str, arguments)]
        done = subprocess.run(
            command, env=self.environment(), cwd=self.home, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def shuyang_each(self, *commands: Sequence[str | Path]) -> list[int]:
        """Exit codes of several commands in one process, which is quicker; each must end by itself, in words."""
        code = (
            "import json, sys; from shuyang.cli.main import main\n"
            "print(json.dumps([main(c) for c in json.loads(sys.argv[1])]))"
        )
        each = json.dumps([[str(word) for word in command] for command in commands])
        done = subprocess.run(
            [sys.executable, "-c", code, each],
            env=self.environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        codes: list[int] = json.loads(done.stdout.splitlines()[-1])
        assert done.stderr.count("shuyang: ") == len([c for c in codes if c]), done.stderr
        return codes

    def copy(self, target: Path) -> Installation:
        shutil.copytree(self.home, target)
        return Installation(target)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Write to the database past the product, as its keeper could (SQLite)."""
        with sqlite3.connect(self.file) as connection:
            return list(connection.execute(statement))

    def contents(self, names: Iterable[str] = ("secrets", "files")) -> dict[str, bytes]:
        """All files of the data folder by name."""
        folders = [self.home / name for name in names]
        return {
            str(p.relative_to(self.home)): p.read_bytes() for f in folders for p in sorted(f.rglob("*")) if p.is_file()
        }
