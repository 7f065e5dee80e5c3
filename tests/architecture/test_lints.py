"""The tree obeys the rules of `lints`, and each rule finds what is planted against it."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.architecture import lints
from tests.architecture.lints import LINTS, Lint, Source, findings, sources, traversals_across_rooms
from tests.architecture.tree import PACKAGE, ROOT

TREE = sources(PACKAGE)


@pytest.mark.parametrize("lint", LINTS, ids=lambda f: f.__name__)
def test_the_tree_obeys(lint: Lint) -> None:
    assert findings(lint, TREE) == []


def test_the_tree_follows_no_key_into_another_room() -> None:
    assert traversals_across_rooms(TREE) == []


PLANTED = [
    (lints.models_by_name, "people/x.py", "from django.apps import apps\napps.get_model('evidence', 'Estimate')"),
    (lints.models_by_name, "people/x.py", "def f():\n    return registry.get_model('delivery.Sitting')"),
    (lints.signals, "people/x.py", "from django.db.models.signals import post_save"),
    (lints.signals, "people/x.py", "from django.db.models import signals"),
    (lints.signals, "people/x.py", "from django.dispatch import receiver"),
    (lints.signals, "people/x.py", "def f():\n    import django.core.signals"),
    (lints.logic_in_save, "people/models.py", "class P(Base):\n    def save(self): ..."),
    (lints.logic_in_save, "kit/jobs/models.py", "class P(Base):\n    def delete(self): ..."),
    (lints.other_clocks, "people/x.py", "datetime.now(UTC)"),
    (lints.other_clocks, "people/x.py", "import datetime\ndatetime.datetime.now()"),
    (lints.other_clocks, "web/x.py", "date.today()"),
    (lints.other_clocks, "delivery/x.py", "import time\ntime.time()"),
    (lints.other_clocks, "delivery/x.py", "from time import time"),
    (lints.other_clocks, "cli/x.py", "from django.utils import timezone\ntimezone.now()"),
    (
        lints.foreign_keys_across_rooms,
        "web/models.py",
        "class A:\n    p = models.ForeignKey('people.Person', models.PROTECT)",
    ),
    (
        lints.foreign_keys_across_rooms,
        "web/models.py",
        "class A:\n    p = models.ForeignKey('people.Person', related_name='+', on_delete=models.CASCADE)",
    ),
    (lints.too_long, "people/x.py", "x = 1\n" * 501),
    (lints.beyond_the_standard_library, "kernel/x.py", "import msgspec"),
    (lints.beyond_the_standard_library, "kernel/x.py", "from shuyang.trust.api import record"),
    (lints.content_beyond_authoring, "content/scenarios/x.py", "from shuyang.delivery.api import answer"),
]


@pytest.mark.parametrize(("lint", "path", "text"), PLANTED)
def test_it_finds(lint: Lint, path: str, text: str) -> None:
    assert findings(lint, [Source(path, text)])


FINE = [
    (lints.other_clocks, "kernel/clock.py", "datetime.now(UTC)"),
    (lints.other_clocks, "people/x.py", "from shuyang.kernel.clock import now\nnow()"),
    (lints.logic_in_save, "people/sessions.py", "class S(SessionBase):\n    def save(self): ..."),
    (
        lints.foreign_keys_across_rooms,
        "people/models.py",
        "class A:\n    u = models.ForeignKey('people.Unit', models.CASCADE)",
    ),
    (
        lints.foreign_keys_across_rooms,
        "web/models.py",
        "class A:\n    p = models.ForeignKey('people.Person', related_name='+', on_delete=models.PROTECT)",
    ),
    (lints.content_beyond_authoring, "content/scenarios/x.py", "from shuyang.practice.authoring import Step"),
    (lints.beyond_the_standard_library, "trust/x.py", "import msgspec"),
]


@pytest.mark.parametrize(("lint", "path", "text"), FINE)
def test_it_leaves_alone(lint: Lint, path: str, text: str) -> None:
    assert findings(lint, [Source(path, text)]) == []


KEY = "class A:\n    person = models.ForeignKey('people.Person', related_name='+', on_delete=models.PROTECT)"


@pytest.mark.parametrize("use", ["f(person__name='王')", "order_by('-person__number')", "values('person__unit__path')"])
def test_it_finds_a_key_followed_into_another_room(use: str) -> None:
    assert traversals_across_rooms([Source("talent/models.py", KEY), Source("talent/queries.py", use)])


@pytest.mark.parametrize("use", ["f(person_id=1)", "f(person__in=ids)", "f(other__name=1)"])
def test_it_lets_a_key_be_compared(use: str) -> None:
    assert not traversals_across_rooms([Source("talent/models.py", KEY), Source("talent/queries.py", use)])
    assert not traversals_across_rooms(
        [Source("talent/models.py", KEY), Source("people/queries.py", "f(person__name=1)")]
    )


# --- doors -----------------------------------------------------------------------------------------------------------

# What reads or writes is called by name, so that a call says what it means and an argument can be added in its place.
# One obvious argument may stand alone (`todos(actor)`); pure helpers (`grade(content, response)`) are called as functions
# usually are.
READS_AND_WRITES = ("queries", "services", "importing.services", "importing.queries")
# An id and a callback can't be confused, and jobs and the command line hand both on.
BY_PLACE = {"run_import_check", "run_import_write"}


def _doors() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/api.py"))


def positional(function: object) -> list[str]:
    """Names of the parameters of a function that may be given without their names."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [name for name, p in inspect.signature(function).parameters.items() if p.kind in kinds]  # type: ignore[arg-type]


def well_called(function: object, *, strict: bool) -> bool:
    """One argument by place at most where `strict`, or where an actor is among the arguments."""
    names = inspect.signature(function).parameters  # type: ignore[arg-type]
    return not positional(function) or len(names) == 1 or not (strict or "actor" in names)


@pytest.mark.parametrize("room", _doors())
def test_doors_take_arguments_by_name(room: str) -> None:
    door = import_module(f"shuyang.{room}.api")
    wrong = {}
    for name in door.__all__:
        found = inspect.unwrap(getattr(door, name)) if callable(getattr(door, name)) else None
        if not inspect.isfunction(found):
            continue
        reads_or_writes = found.__module__.removeprefix(f"shuyang.{room}.").startswith(READS_AND_WRITES)
        if name not in BY_PLACE and not well_called(found, strict=reads_or_writes):
            wrong[name] = positional(found)
    assert wrong == {}


@pytest.mark.parametrize("room", _doors())
def test_doors_say_what_they_offer(room: str) -> None:
    """`__all__` is sorted, whole and without repetition: the door can be read like a page."""
    tree = ast.parse((PACKAGE / room / "api.py").read_text("utf-8"))
    imported = {a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
    offered = list(import_module(f"shuyang.{room}.api").__all__)
    assert len(offered) == len(set(offered))
    assert set(offered) == imported


def test_a_parameter_by_place_is_noticed() -> None:
    assert not well_called(lambda actor, *, name: None, strict=False)
    assert not well_called(lambda rank_layer, job_category: None, strict=True)
    assert well_called(lambda rank_layer, job_category: None, strict=False)
    assert well_called(lambda *, actor, name: None, strict=True)
    assert well_called(lambda actor: None, strict=True)


# --- starting quickly ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        (
            "shuyang.measurement.cat.session",
            "numba",
        ),  # half a second and a compiler: for sittings at work, not for who verifies
        ("shuyang.measurement.cat.session", "django"),
        ("shuyang.measurement.receipts", "django"),
        ("shuyang.cli.verifying", "django"),  # an auditor's machine has the file and the program, nothing set up
    ],
)
def test_importing_it_does_not_load(module: str, unwanted: str) -> None:
    code = f"import sys; import {module}; sys.exit({unwanted!r} in sys.modules)"
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_it_would_notice_what_is_loaded(tmp_path: Path) -> None:
    code = "import sys; import shuyang.trust.rules, json; sys.exit('json' in sys.modules)"
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False, cwd=tmp_path).returncode == 1
