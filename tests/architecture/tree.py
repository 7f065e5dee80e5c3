"""A copy of the package's Python files, for planting what must not be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shuyang"


@dataclass(frozen=True)
class Verdict:
    """What import-linter said: which contracts hold, and the text about each that does not."""

    whole: bool
    kept: frozenset[str]
    broken: frozenset[str]
    about: dict[str, str]


def copy_of_package(target: Path) -> Path:
    """Every .py file of the package below `target`, at the same places; returns the copy's root package."""
    for source in PACKAGE.rglob("*.py"):
        place = target / "shuyang" / source.relative_to(PACKAGE)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    shutil.copyfile(ROOT / ".importlinter", target / ".importlinter")
    return target / "shuyang"


def lint_imports(folder: Path) -> Verdict:
    """Run import-linter over the copy in `folder`, with the repository's own contracts."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return _read(done.stdout + done.stderr, whole=done.returncode == 0)


def _read(text: str, *, whole: bool) -> Verdict:
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    kept = frozenset(re.findall(r"^(.+?) KEPT", text, flags=re.M))
    broken = frozenset(re.findall(r"^(.+?) BROKEN", text, flags=re.M))
    assert kept or broken, text
    about = {}
    for name in broken:
        found = re.search(rf"^{re.escape(name)}\n-+\n(.*?)(?=^[^\n]+\n-{{5,}}\n|\Z)", text, flags=re.M | re.S)
        about[name] = found.group(1) if found else ""
    return Verdict(whole, kept, broken, about)
