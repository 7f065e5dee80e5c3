"""Policies: one class per thing one may do, each a pair that can't diverge: a check of one row and a filter of many."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from django.db.models import Q

from shuyang.kernel.errors import Forbidden, NotFound
from shuyang.trust.contracts import Actor

Row = TypeVar("Row")

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING  # not Q(): an empty Q is dropped by `|`, and "own or everything" would become "own"


class Policy(ABC, Generic[Row]):
    """`can` decides about one row, `visible_to` filters rows; for every row both must say the same."""

    @abstractmethod
    def can(self, actor: Actor, row: Row) -> bool:
        """May the actor do this with the row?"""

    @abstractmethod
    def visible_to(self, actor: Actor) -> Q:
        """The rows with which the actor may do this, as a filter."""

    def require(self, actor: Actor, row: Row, *, see: Policy[Row] | None = None) -> None:
        """Raise `Forbidden` where the actor may see the row but not do this, `NotFound` where he may not even see it."""
        if self.can(actor, row):
            return
        if see is not None and see.can(actor, row):
            raise Forbidden(f"{type(self).__name__} refused")
        raise NotFound(f"{type(self).__name__} refused")


def within(paths: tuple[str, ...], field: str = "unit_path") -> Q:
    """Rows whose unit path begins with one of `paths`; no path, no row."""
    if not paths:
        return NOTHING
    query = Q()
    for path in paths:
        if path == "":
            return EVERYTHING
        query |= Q(**{f"{field}__startswith": path})
    return query
