"""The files of a pack, and the hash of what they hold."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

_PATTERNS = ("*.yaml", "framework/**/*.yaml", "items/**/*.yaml", "lessons/**/*.md")


def builtin_folder() -> Path:
    """The folder of the built-in pack."""
    return Path(str(files("shuyang"))) / "content"


def pack_files(folder: Path) -> list[Path]:
    """The files that `reading` reads, sorted."""
    return sorted({path for pattern in _PATTERNS for path in folder.glob(pattern)})


def pack_hash(folder: Path, *, recipe: str) -> str:
    """Hash of the names and bytes of a pack's files and of the recipe they are loaded with."""
    found = hashlib.sha256(recipe.encode())
    for path in pack_files(folder):
        data = path.read_bytes()
        found.update(f"\n{path.relative_to(folder).as_posix()} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()
