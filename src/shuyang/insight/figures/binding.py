"""Bindings: figures given marks as they are put into a text, and computed again later."""

from __future__ import annotations

from collections.abc import Iterable

from shuyang.insight.contracts import Binding
from shuyang.insight.figures.registry import figure
from shuyang.insight.source import Source


class Ink:
    """Writes figures into a text: each query with its parameters gets one mark, in the order of first use."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], Binding] = {}

    def __call__(self, query: str, **parameters: str) -> str:
        """The mark of a figure, to be put into a sentence. Raises `KeyError` as `figure` does."""
        key = (query, tuple(sorted(parameters.items())))
        if key not in self._made:
            self._made[key] = _binding(self.source, f"n{len(self._made) + 1}", *key)
        return self._made[key].token

    def bindings(self, marks: Iterable[str]) -> tuple[Binding, ...]:
        """The bindings of some marks, each once, in the order in which they were made."""
        wanted = set(marks)
        return tuple(b for b in self._made.values() if b.mark in wanted)

    @property
    def all(self) -> tuple[Binding, ...]:
        return tuple(self._made.values())


def _binding(source: Source, mark: str, query: str, parameters: tuple[tuple[str, str], ...]) -> Binding:
    made = figure(source, query, dict(parameters))
    return Binding(
        mark=mark,
        query=query,
        parameters=parameters,
        text=made.text,
        source=source.publication.hash,
        value=made.value,
        low=made.low,
        high=made.high,
        note=made.note,
    )


def recomputed(source: Source, binding: Binding) -> Binding:
    """The binding as the data give it now. Raises `KeyError` where they don't."""
    return _binding(source, binding.mark, binding.query, binding.parameters)
