"""Which unit a row means.

The rule: a unit code, where given, decides alone. Else the names of unit and sub-unit are a path, upper first
(「市财政局/预算科」 or two columns). It is walked from the unit chosen for the import; a first name that is not found
there may be any unit of that name within reach, if there is exactly one. Where units may be created, missing ones
are made along the path, below the last that was found, or below the unit chosen. A row without any unit belongs to
the unit chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from shuyang.kernel.errors import Problem
from shuyang.people.importing.contracts import Row
from shuyang.people.models import Unit
from shuyang.people.rules import halfwidth
from shuyang.people.services.units import new_path

_DEEPEST = 12


class Places:
    """Finds the units of rows among those within reach; units to be made gather in `planned`, parents first."""

    def __init__(self, units: Iterable[Unit], base: Unit | None, *, create: bool) -> None:
        self.base, self.create, self.planned = base, create, list[Unit]()
        self._by_code: dict[str, Unit] = {}
        self._children: dict[tuple[object, str], Unit] = {}
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._know(unit)

    def _know(self, unit: Unit) -> None:
        if unit.code:
            self._by_code[unit.code] = unit
        self._children[unit.parent_id, halfwidth(unit.name)] = unit
        self._by_name[halfwidth(unit.name)].append(unit)

    def find(self, row: Row, code_cell: str, name_cell: str) -> Unit | Problem:
        """The row's unit, or what is wrong and in which cell."""
        if row.unit_code:
            found = self._by_code.get(row.unit_code)
            return found or Problem(code_cell, "unit_code_unknown", (("code", row.unit_code),))
        if not row.unit_parts:
            return self.base or Problem(name_cell, "unit_missing")
        return self._walk(row.unit_parts, name_cell)

    def _walk(self, parts: tuple[str, ...], cell: str) -> Unit | Problem:
        start = self._anchor(parts[0])
        if isinstance(start, int):
            return Problem(cell, "unit_ambiguous", (("name", parts[0]), ("count", str(start))))
        here, rest = start, parts[1:]
        if here is None:
            here, rest = self.base, parts
        for i, part in enumerate(rest):
            below = self._children.get((here.id if here else None, halfwidth(part)))
            if below is None:
                return self._make(here, rest[i:], cell)
            here = below
        return here or Problem(cell, "unit_missing")

    def _anchor(self, name: str) -> Unit | int | None:
        """Where a path starts: base, child of the base, root, or the only unit of that name (else how many)."""
        key = halfwidth(name)
        if self.base is not None and halfwidth(self.base.name) == key:
            return self.base
        near = self._children.get((self.base.id if self.base else None, key)) or self._children.get((None, key))
        if near is not None:
            return near
        named = self._by_name.get(key, [])
        return named[0] if len(named) == 1 else (len(named) or None)

    def _make(self, here: Unit | None, names: tuple[str, ...], cell: str) -> Unit | Problem:
        if not self.create:
            return Problem(cell, "unit_unknown", (("name", names[0]),))
        if (here.path.count("/") if here else 0) + len(names) > _DEEPEST:
            return Problem(cell, "unit_too_deep", (("depth", str(_DEEPEST)),))
        for name in names:
            here = Unit(name=name, parent=here, path=new_path(here))
            self._know(here)
            self.planned.append(here)
        assert here is not None
        return here


def named_path(unit: Unit) -> str:
    """A planned unit as people read it: 「市财政局/预算科」."""
    names, at = [unit.name], unit.parent
    while at is not None:
        names.append(at.name)
        at = at.parent
    return "/".join(reversed(names))
