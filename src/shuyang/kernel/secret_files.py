"""A secret in a file of its own: made once, whole or not at all, readable by its owner alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in `path`; a missing one is made.

    Of several processes that start at once one wins and all read the same: the file appears under its name only when
    it is complete and on the disk.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path)
    return path.read_bytes()


def _publish(draft: Path, path: Path) -> None:
    """Give the draft its name unless another process was faster (a hard link never replaces)."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
