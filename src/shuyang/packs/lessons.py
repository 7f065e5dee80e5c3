"""From the text of a lesson file to a lesson: a head in YAML, sections under "## ", charts in fences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from shuyang.itembank.api import Chart
from shuyang.kernel.errors import Invalid, Problem
from shuyang.learning.api import Lesson, LessonHead, Prose, Section
from shuyang.packs.yaml import read_yaml

_FILE = re.compile(r"\A---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL)
_HEADING = re.compile(r"^## +(.+?)\s*$", re.MULTILINE)
_CHART = re.compile(r"^```chart[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def read_lesson(name: str, text: str) -> Lesson:
    """The lesson in the file `name`. Raises `Invalid` that names the file and what does not fit."""
    match = _FILE.match(text.lstrip("\ufeff"))
    if match is None:
        raise Invalid([Problem(name, "lesson_head_missing")])
    head = _convert(read_yaml(match[1], where=name), LessonHead, where=name)
    if PurePosixPath(name).name != f"{head.id}.md":
        raise Invalid([Problem(name, "id_differs")])
    return Lesson(head, tuple(_sections(match[2].replace("\r\n", "\n"), name)))


def body_of(text: str) -> str:
    """A lesson's text without its head."""
    match = _FILE.match(text.lstrip("\ufeff"))
    return match[2] if match else text


def readable(lessons: Mapping[str, str]) -> dict[str, Lesson]:
    """Those of the lessons (text by file) that can be read."""
    found = {}
    for name, text in lessons.items():
        try:
            found[name] = read_lesson(name, text)
        except Invalid:
            continue
    return found


def _sections(body: str, name: str) -> Iterator[Section]:
    pieces = _HEADING.split(body)
    if pieces[0].strip():
        yield Section("", tuple(_parts(pieces[0], name)))
    for title, text in zip(pieces[1::2], pieces[2::2], strict=True):
        yield Section(title, tuple(_parts(text, f"{name}#{title}")))


def _parts(text: str, where: str) -> Iterator[Prose | Chart]:
    """Prose and charts in turn: the fences' contents are every second piece."""
    for number, piece in enumerate(_CHART.split(text)):
        if number % 2:
            yield _convert(read_yaml(piece, where=where), Chart, where=where)
        elif piece.strip():
            yield Prose(piece.strip("\n"))


def _convert(value: Any, kind: Any, *, where: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Invalid([Problem(where, "schema", (("what", str(error)),))]) from error
