"""All recognisers together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shuyang.practice.recognisers.addresses import addresses
from shuyang.practice.recognisers.found import Found, Kind
from shuyang.practice.recognisers.numbers import bank_cards, credit_codes, passports, phones, plates, resident_ids
from shuyang.practice.recognisers.people import names

# In order of trust: where two overlap, the earlier one stands.
RECOGNISERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    resident_ids, credit_codes, bank_cards, plates, passports, phones, addresses, names,
)  # fmt: skip


def find(text: str) -> list[Found]:
    """The identifiers in a text, in their order, none overlapping another."""
    kept: list[Found] = []
    for recognise in RECOGNISERS:
        for found in recognise(text):
            if not any(found.start < other.end and other.start < found.end for other in kept):
                kept.append(found)
    return sorted(kept, key=lambda found: found.start)


@dataclass(frozen=True)
class ColumnKind:
    """What a column holds. `share`: of its non-empty values that hold this kind; `whole`: that are nothing else."""

    kind: Kind
    share: float
    whole: float


def kinds_of_column(values: Iterable[object], *, least: float = 0.05) -> list[ColumnKind]:
    """The kinds that at least this share of the values hold, the most frequent first; empty values don't count."""
    texts: Sequence[str] = [str(value) for value in values if value is not None and str(value).strip()]
    holds, whole = dict.fromkeys(Kind, 0), dict.fromkeys(Kind, 0)
    for text in texts:
        found = find(text)
        for kind in {one.kind for one in found}:
            holds[kind] += 1
        if len(found) == 1 and text.strip() == text[found[0].start : found[0].end]:
            whole[found[0].kind] += 1
    share = [ColumnKind(kind, holds[kind] / len(texts), whole[kind] / len(texts)) for kind in Kind if texts]
    return sorted((one for one in share if one.share >= least), key=lambda one: -one.share)
