"""The shipped pack loads whole, twice without effect, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shuyang.frameworks import api as frameworks
from shuyang.itembank import api as itembank
from shuyang.itembank.models import Item
from shuyang.itembank.queries import releases
from shuyang.kernel.errors import Forbidden, Invalid
from shuyang.packs.api import builtin_folder, load_builtin, read_pack
from shuyang.trust.api import NOBODY, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    releases.release.cache_clear()
    frameworks.framework.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pack with the items of one facet."""
    source, target = builtin_folder(), tmp_path / "pack"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("items", "lessons"))
    (target / "items/secure").mkdir(parents=True)
    for path in sorted(source.glob("items/secure/F09-*.yaml")):
        shutil.copy(path, target / "items/secure")
    return target


def test_it_loads_framework_items_and_a_release() -> None:
    report = load_builtin(actor=SYSTEM)
    assert report.framework is not None
    assert report.release is not None
    release = itembank.current_release()
    assert release.framework_hash == frameworks.current().hash
    assert len(release.items) >= 120
    assert release.forces == ("perception", "execution", "decision", "creation", "growth")
    assert {item.facet for item in release.items} == {f"F{n:02}" for n in range(1, 13)}


def test_it_does_nothing_the_second_time(folder: Path, django_assert_max_num_queries: object) -> None:
    load_builtin(actor=SYSTEM, folder=folder)
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        assert load_builtin(actor=SYSTEM, folder=folder).unchanged


def test_it_takes_up_a_change_and_keeps_earlier_releases(folder: Path) -> None:
    first = load_builtin(actor=SYSTEM, folder=folder)
    path = folder / "items/secure/F09-L3.yaml"
    text = path.read_text("utf-8")
    assert text.count("level_reason: ") >= 2
    path.write_text(text.replace("level_reason: ", "level_reason: （修订）", 1), "utf-8")
    second = load_builtin(actor=SYSTEM, folder=folder)
    assert first.release is not None
    assert second.release is not None
    assert second.items is not None
    assert len(second.items.changed) == 1
    assert first.release.hash != second.release.hash
    assert len(itembank.release(hash=first.release.hash).items) == len(itembank.current_release().items)


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("items/secure/F09-L1.yaml", "- id: [", "yaml_syntax"),
        ("items/secure/F09-L1.yaml", "- {id: S-F09-1-001}", "schema"),
        ("items/secure/F09-L1.yaml", "words", "schema"),
        ("framework.yaml", "key: shuyang", "schema"),
        ("framework/descriptors/F01.yaml", "facet: F01", "schema"),
        ("citations.yaml", "- id: x", "schema"),
    ],
)
def test_it_loads_nothing_from_a_broken_pack(folder: Path, file: str, text: str, code: str) -> None:
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(Invalid) as caught:
        load_builtin(actor=SYSTEM, folder=folder)
    assert code in {problem.code for problem in caught.value.problems}
    assert caught.value.problems[0].where.startswith(file)
    assert not Item.objects.exists()


def test_it_says_that_a_file_is_missing(folder: Path) -> None:
    (folder / "profiles.yaml").unlink()
    with pytest.raises(Invalid) as caught:
        load_builtin(actor=SYSTEM, folder=folder)
    assert caught.value.problems[0].code == "file_missing"


def test_it_loads_for_those_who_may_only(folder: Path) -> None:
    with pytest.raises(Forbidden):
        load_builtin(actor=NOBODY, folder=folder)
    assert not Item.objects.exists()


def test_it_reads_every_file_of_the_built_in_pack() -> None:
    pack, problems = read_pack(builtin_folder())
    assert problems == []
    assert pack is not None
    assert len(pack.framework.profiles) == 18
    assert len(pack.framework.crosswalks) == 5
    assert len(pack.framework.citations) == 31
    assert all(len(facet.descriptors) == 5 for facet in pack.framework.facets)
