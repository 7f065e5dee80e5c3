"""What the documents say exists: links, commands, scripts, settings, files, and the generated pages are fresh."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuyang.cli.main import parser
from tests.docs import reference

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/shuyang"
PAGES = [page for pattern in ("*.md", "docs/**/*.md", "src/shuyang/*/README.md") for page in sorted(ROOT.glob(pattern))]
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.M)
VARIABLE = re.compile(r"SHUYANG_[A-Z_]+")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=map(name_of, PAGES))


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text("utf-8"))
    plain = (re.sub(r"[`*]", "", heading).strip().lower() for heading in HEADING.findall(text))
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading)) for heading in plain}


def links(page: Path) -> Iterator[str]:
    for plain, picture in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", plain or picture):
            yield plain or picture


@every_page
def test_it_links_only_to_what_is_there(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


# --- commands --------------------------------------------------------------------------------------------------------


def commands(page: Path) -> Iterator[str]:
    """Lines of code blocks and pieces of inline code that call `shuyang`, without variables before and comments after."""
    text = page.read_text("utf-8")
    pieces = [line.strip() for block in FENCE.findall(text) for line in block.splitlines()]
    pieces += re.findall(r"`(shuyang [a-z][^`]*)`", FENCE.sub("", text))
    for piece in pieces:
        match = re.match(r"(?:export\s+)?(?:[A-Z_]+=\S+\s+)*shuyang\s+([a-z].*)", piece)
        if match:
            yield re.sub(r"\s+#.*", "", match[1]).strip()


def known(words: list[str], top: ArgumentParser) -> bool:
    """Do the words name a command and options that it has?"""
    found = dict(reference.commands(top))
    name = next((n for n in sorted(found, key=len, reverse=True) if words[: len(n.split())] == n.split()), None)
    if name is None:
        return len(words) == 1 and any(n.startswith(words[0] + " ") for n in found)
    options = {text for action in found[name]._actions for text in action.option_strings}
    return all(word.split("=")[0] in options for word in words[len(name.split()) :] if word.startswith("--"))


@every_page
def test_it_shows_only_commands_that_exist(page: Path) -> None:
    assert not [line for line in commands(page) if not known(shlex.split(line), parser())]


@every_page
def test_it_names_only_scripts_that_exist(page: Path) -> None:
    named = set(re.findall(r"\bscript/([a-z_-]+)", page.read_text("utf-8")))
    assert not {name for name in named if not (ROOT / "script" / name).exists()}


def test_the_commands_found_are_not_none() -> None:
    assert sum(1 for page in PAGES for _ in commands(page)) > 40


# --- settings --------------------------------------------------------------------------------------------------------


def settings_read() -> set[str]:
    """Variables that the configuration reads from the environment."""
    reading = re.compile(r"(?:environ\.get|environ\.setdefault|text_list)\(\s*\"(SHUYANG_[A-Z_]+)\"")
    return {name for file in (SOURCE / "config").glob("*.py") for name in reading.findall(file.read_text("utf-8"))}


def test_it_documents_exactly_the_settings_that_are_read() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(SHUYANG_[A-Z_]+)`", page, re.M)) == settings_read()


@every_page
def test_it_names_only_settings_that_exist(page: Path) -> None:
    of_tests = {"SHUYANG_POSTGRES_BIN", "SHUYANG_REFERENCE"}
    assert set(VARIABLE.findall(page.read_text("utf-8"))) <= settings_read() | of_tests


# --- files, decisions, generated pages -------------------------------------------------------------------------------


def test_the_architecture_names_only_files_and_functions_that_exist() -> None:
    text = FENCE.sub("", (ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    paths = set(re.findall(r"`([\w./-]+\.(?:py|js|html|md)|[\w./-]+/)`", text))
    assert len(paths) > 30
    missing = {path for path in paths if not any((place / path).exists() for place in (ROOT, SOURCE, SOURCE / "web"))}
    assert not {path for path in missing if "/" in path}
    inside = re.findall(r"`([\w/]+\.(?:py|js))`,\s+`(\w+)`", text)
    assert len(inside) > 15
    assert not [
        (path, name)
        for path, name in inside
        if not any(re.search(rf"\b{name}\b", file.read_text("utf-8")) for file in _files(path))
    ]


def _files(path: str) -> list[Path]:
    """A path as the document writes it: from the root, the package, the web or, alone, from anywhere."""
    near = [place / path for place in (ROOT, SOURCE, SOURCE / "web") if (place / path).exists()]
    return near or list(SOURCE.rglob(path))


def test_it_lists_every_decision_once() -> None:
    files = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    numbers = [name[:4] for name in files]
    assert len(set(numbers)) == len(numbers)
    listed = re.findall(r"\]\((\d{4}[^)]*\.md)\)", (ROOT / "docs/decisions/README.md").read_text("utf-8"))
    assert sorted(listed) == files, "add the decision to docs/decisions/README.md"


def test_the_generated_pages_are_fresh() -> None:
    assert not reference.stale(), "run script/reference"


def test_the_example_of_the_explanation_is_computed_so() -> None:
    """docs/explanation/how-a-score-is-made: three single choices of middle difficulty, all right."""
    from shuyang.measurement.cat.bank import compile_bank
    from shuyang.measurement.cat.contracts import CatItem, Prior
    from shuyang.measurement.cat.posterior import posterior

    items = [CatItem(str(i), 0, "3pl", 1.2, (0.0,), 0.25, 0.5, 0.1, 0.05) for i in range(3)]
    prior = Prior.equicorrelated(5, 0.6)
    belief = posterior(compile_bank(items), [(i, 1) for i in range(3)], prior, accuracy="final")
    own, other, half = 500 + 100 * belief.mean[0], 500 + 100 * belief.mean[1], 196 * belief.sd[0]
    said = [round(float(value)) for value in (own, own - half, own + half, other)]
    for language in ("", ".zh-CN"):
        text = (ROOT / f"docs/explanation/how-a-score-is-made{language}.md").read_text("utf-8")
        assert all(str(value) in text for value in said)


# --- rules in words --------------------------------------------------------------------------------------------------


def test_it_explains_every_reason_for_which_a_sitting_ends() -> None:
    from shuyang.web.result_view import STOP_WORDS

    for language in ("", ".zh-CN"):
        page = (ROOT / f"docs/reference/sitting-rules{language}.md").read_text("utf-8")
        assert set(re.findall(r"^\| `(\w+)`", page, re.M)) == set(STOP_WORDS)


def test_its_table_of_blueprints_is_that_of_the_release() -> None:
    from shuyang.itembank.release_body import standard_blueprints

    rows = {"target": 1, "items": 2, "minutes": 3, "facet": 4, "single": 5, "drawn": 6}
    for language in ("", ".zh-CN"):
        page = (ROOT / f"docs/reference/sitting-rules{language}.md").read_text("utf-8")
        table = page[page.index("| | ") :].splitlines()[1:]
        for column, blueprint in enumerate(standard_blueprints(["F01"], 5).values(), start=1):
            said = {name: re.findall(r"[\d.]+", table[row].split("|")[column + 1]) for name, row in rows.items()}
            assert said["target"] == [f"{blueprint.target_se[0]:.2f}", f"{100 * blueprint.target_se[0]:.0f}"]
            assert said["items"] == [str(blueprint.min_items), str(blueprint.max_items)]
            assert said["minutes"] == [f"{(blueprint.max_seconds or 0) / 60:.0f}"]
            assert said["facet"] == [str(blueprint.facets[0].minimum)]
            assert said["single"] == [f"{100 * (blueprint.kinds[0].max_share or 0):.0f}"]
            assert said["drawn"] == [str(blueprint.randomesque)]
