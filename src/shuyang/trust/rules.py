"""Pure rules of chains: how an entry is linked to the one before it, and what a broken link means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shuyang.kernel.canonical import canonical_json, digest
from shuyang.trust.contracts import ChainProblem, Head

GENESIS = "0" * 64


def link(previous_hash: str, payload: Mapping[str, Any]) -> str:
    """Hash of an entry: SHA-256 over the previous hash and the entry's canonical JSON."""
    return digest(previous_hash.encode() + b"\n" + canonical_json(payload))


def check_chain(
    chain: str, entries: Iterable[tuple[int, str, str, Mapping[str, Any]]], heads: Iterable[Head] = ()
) -> list[ChainProblem]:
    """Check entries (sequence, previous hash, hash, payload) in order, then against heads exported earlier.

    A gap in the sequence is a removal, a repeated number an insertion, a hash that does not follow from the
    entry a change; a head beyond the end shows a truncation.
    """
    problems: list[ChainProblem] = []
    seen: dict[int, str] = {}
    expected, before = 1, GENESIS
    for sequence, previous, stored, payload in entries:
        if sequence > expected:
            problems.append(ChainProblem(chain, expected, "removed"))
        elif sequence < expected or previous != before:
            problems.append(ChainProblem(chain, sequence, "inserted"))
        if link(previous, payload) != stored:
            problems.append(ChainProblem(chain, sequence, "changed"))
        seen[sequence] = stored
        expected, before = sequence + 1, stored
    return problems + _against_heads(chain, seen, heads)


def _against_heads(chain: str, seen: Mapping[int, str], heads: Iterable[Head]) -> list[ChainProblem]:
    problems = []
    for head in heads:
        if head.sequence not in seen:
            problems.append(ChainProblem(chain, head.sequence, "truncated"))
        elif seen[head.sequence] != head.hash:
            problems.append(ChainProblem(chain, head.sequence, "changed"))
    return problems
