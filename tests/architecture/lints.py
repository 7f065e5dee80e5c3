"""Rules that imports alone can't show: each is a function of one parsed file that names what breaks the rule."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

NOT_ROOMS = {"kernel", "measurement", "content"}
MOST_LINES = 500
# Compiled kernels of one algorithm, which are read together.
LONGER = {"measurement/irt/kernels_adaptive.py": 560}


@dataclass(frozen=True)
class Source:
    """A Python file: `path` is relative to the package, as in "people/models.py"."""

    path: str
    text: str

    @property
    def room(self) -> str:
        return self.path.partition("/")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


Lint = Callable[[Source], Iterable[str]]


def sources(package: Path) -> list[Source]:
    """All files of the package but migrations (Django writes those)."""
    files = [p for p in sorted(package.rglob("*.py")) if "migrations" not in p.parts]
    return [Source(p.relative_to(package).as_posix(), p.read_text("utf-8")) for p in files]


def findings(lint: Lint, files: Iterable[Source]) -> list[str]:
    return [f"{source.path}: {found}" for source in files for found in lint(source)]


# --- names -----------------------------------------------------------------------------------------------------------


def _dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield _dotted(node.func), node


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module and every name imported from one, as dotted names, also inside of functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


# --- the rules -------------------------------------------------------------------------------------------------------


def models_by_name(source: Source) -> Iterator[str]:
    """`get_model` reaches another room's table past every contract of imports."""
    for name, call in _calls(source.tree):
        if name.rpartition(".")[2] == "get_model":
            yield f"line {call.lineno}: get_model"


def signals(source: Source) -> Iterator[str]:
    """A signal is a call nobody sees where it is made: rooms call doors, in the open."""
    for name, line in _imported(source.tree):
        if name.startswith("django.") and ("signals" in name.split(".") or name.startswith("django.dispatch")):
            yield f"line {line}: {name}"


def logic_in_save(source: Source) -> Iterator[str]:
    """What happens at a write stands in a service, with its policy and its audit entry; `save` only stores."""
    if not (source.path.endswith("models.py") or "/models/" in source.path):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name in ("save", "delete", "full_clean", "clean"):
                    yield f"line {part.lineno}: {node.name}.{part.name}"


CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "timezone.now",
}


def other_clocks(source: Source) -> Iterator[str]:
    """Time of day comes from `kernel.clock`, which tests can hold still."""
    if source.room in NOT_ROOMS:
        return
    for name, call in _calls(source.tree):
        if any(name == clock or name.endswith(f".{clock}") for clock in CLOCKS):
            yield f"line {call.lineno}: {name}"
    for name, line in _imported(source.tree):
        if name in ("time.time", "time.time_ns", "django.utils.timezone.now"):
            yield f"line {line}: {name}"


FOREIGN = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def foreign_keys_across_rooms(source: Source) -> Iterator[str]:
    """A key into another room is written as a string, has no way back and can't be traversed by accident."""
    for name, call, target in _foreign_keys(source):
        if target.partition(".")[0] == source.room:
            continue
        words = {k.arg: k.value for k in call.keywords}
        back = words.get("related_name")
        if not (isinstance(back, ast.Constant) and back.value == "+"):
            yield f'line {call.lineno}: {name} to {target} needs related_name="+"'
        if not _dotted(words.get("on_delete", ast.Constant(0))).endswith("PROTECT"):
            yield f"line {call.lineno}: {name} to {target} needs on_delete=PROTECT"


def traversals_across_rooms(files: Iterable[Source]) -> list[str]:
    """A key into another room is compared as an id, never followed: `person__name` would read another room's table."""
    found = []
    files = list(files)
    for room in {source.room for source in files}:
        own = [s for s in files if s.room == room]
        keys = {n for s in own for n, _, target in _foreign_keys(s) if target.partition(".")[0] != room}
        for source in own:
            found += [f"{source.path}: line {line}: {word}" for word, line in _lookups(source) if _follows(word, keys)]
    return found


def _foreign_keys(source: Source) -> Iterator[tuple[str, ast.Call, str]]:
    """(field, call, target "room.Model") of keys given as strings; a plain class name is the room's own."""
    for node in ast.walk(source.tree):
        if not (
            isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name)
        ):
            continue
        call = node.value
        if _dotted(call.func).rpartition(".")[2] not in FOREIGN or not call.args:
            continue
        to = call.args[0]
        if isinstance(to, ast.Constant) and isinstance(to.value, str) and "." in to.value:
            yield node.targets[0].id, call, to.value


def _lookups(source: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            yield node.value, node.lineno


def _follows(word: str, keys: set[str]) -> bool:
    first, _, rest = word.lstrip("-").partition("__")
    return first in keys and bool(rest) and rest not in ("in", "isnull", "exact")


def too_long(source: Source) -> Iterator[str]:
    """One idea a file: beyond this it holds several."""
    lines = source.text.count("\n")
    if lines > LONGER.get(source.path, MOST_LINES):
        yield f"{lines} lines"


def beyond_the_standard_library(source: Source) -> Iterator[str]:
    """The kernel is what everything rests on: it rests on Python alone."""
    if source.room != "kernel":
        return
    for name, line in _imported(source.tree):
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("shuyang.kernel"):
            yield f"line {line}: {name}"


def content_beyond_authoring(source: Source) -> Iterator[str]:
    """Content is data; what code it has is written against `practice.authoring`, so that others can write such too."""
    if source.room != "content":
        return
    for name, line in _imported(source.tree):
        if name.startswith("shuyang.") and not name.startswith(("shuyang.practice.authoring", "shuyang.content")):
            yield f"line {line}: {name}"


LINTS: tuple[Lint, ...] = (
    models_by_name,
    signals,
    logic_in_save,
    other_clocks,
    foreign_keys_across_rooms,
    too_long,
    beyond_the_standard_library,
    content_beyond_authoring,
)
