"""What a class of equal-looking records still gives away: all of them may share the secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.practice.privacy.classes import Table, classes, codes


@dataclass(frozen=True)
class Diversity:
    """`distinct`: fewest different values of the sensitive column in any class. `entropy`: the smallest exp(entropy) of its
    values in any class, an effective number of values ≤ `distinct`. `closeness`: the largest distance (total variation, 0–1)
    between the distribution in a class and that of the whole table. `exposed`: share of records in classes of a single value."""

    distinct: int
    entropy: float
    closeness: float
    exposed: float


def diversity(table: Table, quasi_identifiers: Sequence[str], sensitive: str) -> Diversity:
    """l-diversity and t-closeness of a sensitive column within the classes over the quasi-identifiers.

    Distinct and entropy l-diversity: A. Machanavajjhala et al., “l-diversity: privacy beyond k-anonymity”, 2007. t-closeness
    with the distance for values without an order: N. Li et al., “t-closeness”, 2007. An empty table gives zeros.
    """
    own = classes(table, quasi_identifiers)
    if not len(own):
        return Diversity(0, 0.0, 0.0, 0.0)
    value, values = codes(table[sensitive])
    pairs, counts = np.unique(own * len(values) + value, return_counts=True)
    group, total = pairs // len(values), np.bincount(own)
    share = counts / total[group]
    distinct = np.bincount(group, minlength=len(total))
    entropy = np.exp(np.bincount(group, weights=-share * np.log(share), minlength=len(total)))
    overall = np.bincount(value, minlength=len(values)) / len(own)
    # half the sum of |own − overall|: over values that the class has, plus all that it lacks
    present = overall[pairs % len(values)]
    gap = np.bincount(group, weights=np.abs(share - present) - present, minlength=len(total)) + 1
    return Diversity(
        int(distinct.min()), float(entropy.min()), float(gap.max() / 2), float(np.mean(distinct[own] == 1))
    )
