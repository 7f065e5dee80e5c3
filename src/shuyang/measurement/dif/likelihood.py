"""DIF by likelihood ratio: does an item fit better with parameters of its own in every group?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from shuyang.measurement.dif.matching import Floats, Ints, code_groups, false_discovery
from shuyang.measurement.dif.splitting import name_of, split_items
from shuyang.measurement.errors import BadShape, NoResponses, NoVariation, UnusedCategory
from shuyang.measurement.irt.data import Responses, as_responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import expected_scores
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.result import Calibration

Progress = Callable[[int, int], None]


def _quiet(done: int, total: int) -> None:
    """No progress report."""


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodRatioDif:
    """One entry an item, all [J]; NaN where a group gave an item only one answer.

    chi2, df, p: likelihood-ratio test of the item's own parameters in every group, all items but `freed` being
    anchors; p_adjusted: Benjamini-Hochberg. signed, unsigned: mean difference of the expected item score, focal minus
    reference curve, over the focal group's ability distribution (SIDS and UIDS, Meade 2010; the focal group with the
    largest unsigned difference where there are several). freed: items with DIF left out of the anchors.
    model: the calibration with common items (but `freed`), group means and variances.
    """

    items: tuple[str, ...]
    groups: tuple[str, ...]
    chi2: Floats
    df: Floats
    p: Floats
    p_adjusted: Floats
    signed: Floats
    unsigned: Floats
    freed: tuple[str, ...]
    model: Calibration

    def to_table(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {"item": list(self.items)}
        names = ("chi2", "df", "p", "p_adjusted", "signed", "unsigned")
        return columns | {name: getattr(self, name).tolist() for name in names}

    def to_dict(self) -> dict[str, Any]:
        return {
            "groups": list(self.groups),
            "freed": list(self.freed),
            "log_likelihood": self.model.log_likelihood,
            "latent": self.model.latent.to_dict(),
            "items": self.to_table(),
        }

    def summary(self) -> str:
        found = [i for i, p in zip(self.items, self.p_adjusted, strict=True) if p < 0.05]
        return (
            f"likelihood-ratio DIF over {' : '.join(self.groups)}: {len(found)} of {len(self.items)} items with "
            f"adjusted p < .05" + (f" ({', '.join(found)})" if found else "")
        )


@dataclass(slots=True)
class _Sweep:
    """Calibrations by the set of split items, each made once."""

    data: Responses
    codes: Ints
    labels: tuple[str, ...]
    models: Mapping[str, str]
    options: dict[str, Any]
    done: dict[frozenset[int], Calibration | None] = field(default_factory=dict)

    def fit(self, split: frozenset[int]) -> Calibration | None:
        """The calibration with these items split, None where a copy can't be estimated."""
        if split not in self.done:
            self.done[split] = self._calibrate(split)
        return self.done[split]

    def _calibrate(self, split: frozenset[int]) -> Calibration | None:
        from shuyang.measurement.irt.calibrate import calibrate  # its kernels compile: load them when needed

        data = split_items(self.data, self.codes, self.labels, split)
        origin = {name_of(i, g): i for i in self.data.item_ids for g in self.labels}
        models = {name: self.models[origin.get(name, name)] for name in data.item_ids}
        groups = [self.labels[c] for c in self.codes]
        try:
            return calibrate(data, models, groups=groups, **self.options)
        except (NoVariation, UnusedCategory, NoResponses):
            if not split:
                raise
            return None


def likelihood_ratio_dif(
    responses: Responses | ArrayLike,
    groups: Sequence[Any],
    model: str | Sequence[str] | Mapping[str, str] = "2pl",
    *,
    items: Sequence[str] | None = None,
    reference: Any = None,
    test: Sequence[str] | None = None,
    purify: bool = False,
    max_rounds: int = 5,
    priors: Priors | None = None,
    tolerance: float = 1e-5,
    threads: int | None = None,
    progress: Progress = _quiet,
) -> LikelihoodRatioDif:
    """Likelihood-ratio DIF sweep (Thissen, Steinberg & Wainer 1993): each item in turn against all others as anchors.

    responses: matrix [N, J] or `Responses`; sparse and adaptive data are welcome, for the likelihood matches on
    ability. groups: [N] labels; the reference group (default the first met) has mean 0 and variance 1, the others'
    are estimated. model: as `calibrate`; items: ids for a matrix; test: ids to test (default all, the others NaN).
    purify: items with adjusted p < .05 get parameters of their own while the others are tested, until the set stays.
    progress: called with (items tested, items to test). Raises what `calibrate` raises, BadShape, NoVariation.
    """
    data = as_responses(responses, items)
    codes, labels = code_groups(groups, reference)
    if len(codes) != data.persons:
        raise BadShape("one group a person is needed", groups=len(codes), persons=data.persons)
    data, codes = _reference_first(data, codes)
    wanted = _positions(data, test)
    options = {"priors": priors, "tolerance": tolerance, "threads": threads}
    sweep = _Sweep(data, codes, labels, _models(model, data), options)
    freed: frozenset[int] = frozenset()
    for _ in range(max_rounds if purify else 1):
        result = _round(sweep, wanted, freed, progress)
        found = frozenset(np.flatnonzero(result.p_adjusted < 0.05).tolist())
        if not purify or found == freed or len(found) >= data.items - 1:
            break
        freed = found
    return result


def _reference_first(data: Responses, codes: Ints) -> tuple[Responses, Ints]:
    """Persons of the reference group first, for the first group met founds the scale."""
    order = np.argsort(codes, kind="stable")
    return data.select_persons(order), codes[order]


def _positions(data: Responses, test: Sequence[str] | None) -> list[int]:
    if test is None:
        return list(range(data.items))
    place = {name: j for j, name in enumerate(data.item_ids)}
    absent = [name for name in test if name not in place]
    if absent:
        raise BadShape("no such items", items=absent)
    return [place[name] for name in test]


def _models(model: str | Sequence[str] | Mapping[str, str], data: Responses) -> dict[str, str]:
    if isinstance(model, str):
        return dict.fromkeys(data.item_ids, model)
    pairs = model.items() if isinstance(model, Mapping) else zip(data.item_ids, model, strict=True)
    return dict(pairs)


def _round(sweep: _Sweep, wanted: Sequence[int], freed: frozenset[int], progress: Progress) -> LikelihoodRatioDif:
    rows = np.full((5, sweep.data.items), np.nan)
    for k, j in enumerate(wanted):
        rows[:, j] = _test(sweep, j, sweep.fit(freed - {j}), sweep.fit(freed | {j}))
        progress(k + 1, len(wanted))
    base = sweep.fit(freed) or sweep.fit(frozenset())
    assert base is not None
    ids = sweep.data.item_ids
    return LikelihoodRatioDif(
        items=ids,
        groups=sweep.labels,
        chi2=rows[0],
        df=rows[1],
        p=rows[2],
        p_adjusted=false_discovery(rows[2]),
        signed=rows[3],
        unsigned=rows[4],
        freed=tuple(ids[j] for j in sorted(freed)),
        model=base,
    )


def _test(sweep: _Sweep, item: int, common: Calibration | None, own: Calibration | None) -> Sequence[float]:
    if common is None or own is None:
        return [np.nan] * 5
    statistic = max(2 * (own.log_posterior - common.log_posterior), 0.0)
    df = own.free_parameters - common.free_parameters
    signed, unsigned = _difference(sweep, sweep.data.item_ids[item], own)
    return [statistic, float(df), float(chdtrc(df, statistic)), signed, unsigned]


def _difference(sweep: _Sweep, item: str, own: Calibration) -> tuple[float, float]:
    """(SIDS, UIDS) of the focal group with the largest UIDS."""
    place = {name: j for j, name in enumerate(own.items.ids)}
    found = []
    for label in sweep.labels[1:]:
        pair = own.items.select([place[name_of(item, sweep.labels[0])], place[name_of(item, label)]])
        found.append(_over_group(pair, own, own.latent.names.index(label)))
    return max(found, key=lambda pair: pair[1])


def _over_group(pair: ItemParameters, own: Calibration, group: int) -> tuple[float, float]:
    z = np.linspace(-5, 5, 201)
    weights = np.exp(-0.5 * z**2)
    weights /= weights.sum()
    theta = own.latent.mean[group, 0] + own.latent.sd[group, 0] * z
    curves = expected_scores(pair, theta)
    gap = curves[1] - curves[0]
    return float(gap @ weights), float(np.abs(gap) @ weights)
