"""Everything that can be said about a pack without a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from shuyang.frameworks.api import Citation, citation_problem
from shuyang.frameworks.api import problems_of as framework_problems
from shuyang.itembank.api import ItemContent, Purpose
from shuyang.itembank.api import problems_of as item_problems
from shuyang.kernel.errors import Problem
from shuyang.packs.contracts import Finding, Pack, Severity
from shuyang.packs.lessons import body_of, readable
from shuyang.packs.lint.bank import bank_findings
from shuyang.packs.lint.lessons import lesson_findings, quoted
from shuyang.packs.lint.wording import cites_by_name, wording
from shuyang.packs.reading import read_pack


def check(folder: Path) -> list[Finding]:
    """All findings about the pack in `folder`: errors first, then by place."""
    pack, problems = read_pack(folder)
    found = [Finding(problem) for problem in problems]
    if pack is not None:
        found += check_pack(pack)
    return sorted(found, key=lambda one: (one.severity is not Severity.ERROR, one.problem.where, one.problem.code))


def check_pack(pack: Pack) -> Iterator[Finding]:
    """Findings about a pack that could be read."""
    yield from map(Finding, framework_problems(pack.framework))
    for facet in pack.framework.facets:
        if facet.definition is None or not facet.descriptors:
            yield Finding(Problem(f"descriptors/{facet.id}", "descriptors_missing"))
    titles = {one.title.removeprefix("中华人民共和国"): one.id for one in pack.citations.values()}
    contents = [item.content for item in pack.items]
    for item in pack.items:
        yield from map(Finding, item_problems(item.content))
        yield from _place(item.file, item.content)
        yield from _citations(item.content, pack.citations)
        yield from wording(item.content)
        yield from cites_by_name(item.content, titles)
    yield from bank_findings(contents, [facet.id for facet in pack.framework.facets], pack.head.requirements)
    yield from quoted(contents, {name: body_of(text) for name, text in pack.lessons.items()})
    yield from lesson_findings(readable(pack.lessons), contents, pack.framework, pack.citations)


def _place(file: str, content: ItemContent) -> Iterator[Finding]:
    """Secure and practice items lie in folders of their own, by facet."""
    if content.purpose is Purpose.SECURE:
        wanted = f"items/secure/{content.facet}-L{content.level}.yaml"
    else:
        wanted = f"items/practice/{content.facet}.yaml"
    if file != wanted:
        yield Finding(Problem(content.id, "wrong_file", (("file", file), ("wanted", wanted))))


def _citations(content: ItemContent, citations: Mapping[str, Citation]) -> Iterator[Finding]:
    for reference in content.citations:
        code = citation_problem(reference, citations)
        if code is not None:
            yield Finding(Problem(f"{content.id}/citations", code, (("reference", reference),)))
