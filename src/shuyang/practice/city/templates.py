"""Ready-made cities on disk: made once for each size and seed, copied for each learner."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from shuyang.practice.city.make import make_database
from shuyang.practice.city.truths import Truths, read_truths


@cache
def generator_version() -> str:
    """Changes with every change of the generator's source, so that no stale city is served."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def template(folder: Path, *, residents: int, seed: int) -> Path:
    """The database of the city of this size and seed, made if it is not there.

    Its answers lie beside it, in a file of their own that only the owner may read: learners get copies of the database alone.
    Several processes may ask at once: each makes its own and the last one stays, all being equal.
    """
    ready = folder / f"city-{residents}-{seed}-{generator_version()}.duckdb"
    if ready.exists() and answers_of(ready).exists():
        return ready
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch) / "city.duckdb"
        answers = Path(scratch) / "answers.duckdb"
        make_database(made, residents=residents, seed=seed, answers=answers)
        os.chmod(answers, 0o600)
        os.replace(answers, answers_of(ready))
        os.replace(made, ready)
    return ready


def answers_of(database: Path) -> Path:
    """The file of answers of the city of this template."""
    return database.with_suffix(".answers.duckdb")


def truths_of(database: Path) -> Truths:
    """What was planted in the city of this template."""
    return read_truths(answers_of(database))


def open_copy(folder: Path, target: Path, *, residents: int, seed: int) -> Path:
    """A learner's own copy of the city, at `target`, which must not be there yet."""
    source = template(folder, residents=residents, seed=seed)
    with target.open("xb") as out, source.open("rb") as given:
        shutil.copyfileobj(given, out, 1 << 20)
    return target
