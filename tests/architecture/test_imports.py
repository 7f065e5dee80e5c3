"""The contracts of `.importlinter`: the tree keeps them, and each of them catches a planted violation."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, Verdict, copy_of_package, lint_imports

DIRECTION, NUMERICS = "Imports go down only", "The numerics know no Django"

# Where each violation is planted (below the package), what it says, and which contract must name it.
PLANTED = {
    "upward": ("people/planted_up.py", "from shuyang.delivery import api", DIRECTION),
    "upward by one": ("kernel/planted_up.py", "import shuyang.measurement.errors", DIRECTION),
    "lazy upward": (
        "evidence/planted_lazy.py",
        "def later():\n    from shuyang.itembank.api import release",
        DIRECTION,
    ),
    "into the web": ("feedback/planted_web.py", "from shuyang.web.errors import words", DIRECTION),
    "into the settings": ("web/planted_config.py", "from shuyang.config.settings import HOME", DIRECTION),
    "between strangers": ("practice/planted.py", "from shuyang.delivery.api import answer", DIRECTION),
    "between strangers, back": ("delivery/planted_back.py", "from shuyang.practice.api import run", DIRECTION),
    "models of another": ("delivery/planted_m.py", "from shuyang.people.models import Person", "people"),
    "services of another": ("web/planted_s.py", "from shuyang.delivery.services.finishing import finish", "delivery"),
    "queries of another": ("feedback/planted_q.py", "import shuyang.evidence.queries", "evidence"),
    "rules of another": ("cli/planted_r.py", "from shuyang.itembank import rules", "itembank"),
    "policies of another": (
        "delivery/planted_p.py",
        "from shuyang.evidence.policies import SeeOwnEstimate",
        "evidence",
    ),
    "tasks of another": ("cli/planted_t.py", "import shuyang.delivery.tasks", "delivery"),
    "a new module of another": ("web/planted_n.py", "from shuyang.frameworks.planted_new import x", "frameworks"),
    "inside of the kit": ("people/planted_k.py", "from shuyang.kit.jobs.models import Job", "kit"),
    "inside of trust": ("itembank/planted_c.py", "from shuyang.trust.crypto import sign", "trust"),
    "inside of feedback": ("web/planted_f.py", "from shuyang.feedback.diagnosis import person_report", "feedback"),
    "inside of insight": ("web/planted_i.py", "from shuyang.insight.wording import statements_of", "insight"),
    "inside of packs": ("cli/planted_l.py", "from shuyang.packs.lint.bank import coverage_of", "packs"),
    "Django in the numerics": ("measurement/planted_d.py", "from django.db import models", NUMERICS),
    "Django in the kernel": ("kernel/planted_d.py", "import django.conf", NUMERICS),
}


def _contract(name: str) -> str:
    return name if name in (DIRECTION, NUMERICS) else f"Only the door of {name} is used"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """One copy of the tree with every violation in it: each must be named, however many others there are."""
    folder = tmp_path_factory.mktemp("planted")
    package = copy_of_package(folder)
    for name in ("practice/__init__.py", "practice/api.py", "frameworks/planted_new.py"):
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_text("x = run = None\n")
    for place, text, _ in PLANTED.values():
        (package / place).write_text(text + "\n")
    return lint_imports(folder)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    folder = tmp_path_factory.mktemp("clean")
    copy_of_package(folder)
    return lint_imports(folder)


def test_the_tree_keeps_every_contract(clean: Verdict) -> None:
    assert clean.whole, clean.about
    assert {DIRECTION, NUMERICS} <= clean.kept


@pytest.mark.parametrize("kind", PLANTED)
def test_it_catches(planted: Verdict, kind: str) -> None:
    place, _, contract = PLANTED[kind]
    module = "shuyang." + place.removesuffix(".py").replace("/", ".")
    assert _contract(contract) in planted.broken
    assert module in planted.about[_contract(contract)]


def test_it_lets_doors_and_contracts_be_used(tmp_path: Path) -> None:
    package = copy_of_package(tmp_path)
    text = "from shuyang.people.api import person\nfrom shuyang.people.contracts import PersonView\n"
    (package / "delivery/planted_fine.py").write_text(text)
    assert lint_imports(tmp_path).whole


def test_it_asks_where_a_new_package_belongs(tmp_path: Path) -> None:
    package = copy_of_package(tmp_path)
    (package / "cellar").mkdir()
    (package / "cellar/__init__.py").touch()
    verdict = lint_imports(tmp_path)
    assert verdict.broken == {DIRECTION}
    assert "cellar" in verdict.about[DIRECTION]


def test_every_room_with_a_door_has_it_closed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", "utf-8")
    closed = {
        config[section]["protected_modules"].strip().removeprefix("shuyang.")
        for section in config.sections()
        if section.startswith("importlinter:contract:door-")
    }
    assert {path.parent.name for path in PACKAGE.glob("*/api.py")} == closed
