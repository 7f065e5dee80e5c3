"""Whatever is imported stands in the lock: a package that happens to be installed is not there on the next machine."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.tree import ROOT

# Peers that benchmarks compare with where someone has installed them; they say so where not.
PEERS = {"catsim", "girth", "mirt"}
OURS = {"shuyang", "tests", "benchmarks"}


def imported(text: str) -> Iterator[str]:
    """The uppermost packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def locked(requirements: str) -> set[str]:
    """The distributions in a lock file, as normalised names."""
    return {_normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", requirements, re.MULTILINE)}


def missing(modules: Iterable[str], requirements: str) -> set[str]:
    """Those of the modules that no locked distribution brings."""
    brought = packages_distributions()
    there = locked(requirements)
    outside = {m for m in modules if m not in sys.stdlib_module_names} - OURS - PEERS
    return {m for m in outside if not there & {_normal(d) for d in brought.get(m, [m])}}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _modules(*folders: str) -> set[str]:
    files: list[Path] = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {module for path in files for module in imported(path.read_text("utf-8"))}


def test_the_product_imports_only_what_its_lock_brings() -> None:
    # The extras (plots, Dask) are in the developers' lock; their absence is said by the commands that need them.
    lock = (ROOT / "requirements/base.txt").read_text("utf-8")
    assert missing(_modules("src") - {"matplotlib", "dask", "distributed"}, lock) == set()


def test_tests_and_benchmarks_import_only_what_the_lock_brings() -> None:
    lock = (ROOT / "requirements/dev.txt").read_text("utf-8")
    assert missing(_modules("src", "tests", "benchmarks"), lock) == set()


def test_it_notices_what_is_not_locked() -> None:
    assert missing(imported("def f():\n    import pikepdf.models\nimport json, numpy"), "numpy==2.0") == {"pikepdf"}
    assert missing(imported("from yaml import load"), "PyYAML==6.0 \\\n  --hash=sha256:0") == set()
