"""What an item is expected to tell about a person, given what is believed so far."""

from __future__ import annotations

import numpy as np

from .contracts import Blueprint, BoolArray, CompiledBank, FloatArray, IntArray, Posterior


def open_dimensions(posterior: Posterior, blueprint: Blueprint) -> BoolArray:
    """Mask [D] of the dimensions whose posterior SD is above its target."""
    return np.asarray(posterior.sd > np.asarray(blueprint.target_se))


def variance_gain(posterior: Posterior, still_open: BoolArray) -> FloatArray:
    """Reduction of the open dimensions' summed variance per unit of variance removed from θ_d: Σ_e (C_ed / C_dd)²."""
    slope = posterior.cov / posterior.cov.diagonal()
    return np.asarray((slope * slope)[still_open].sum(axis=0))


def mean_information(bank: CompiledBank, posterior: Posterior) -> FloatArray:
    """Posterior-averaged Fisher information [J]: compiled, for it is the one step whose cost grows with the bank."""
    from .information_kernels import average  # loads the compiler

    out = np.empty(len(bank))
    average(bank.info, bank.dim, posterior.marginals, out)
    return out


def price(bank: CompiledBank, blueprint: Blueprint) -> FloatArray:
    """What an item costs [J]: its expected seconds, at least one, to the power of the blueprint's time weight."""
    return np.asarray(np.maximum(bank.seconds, 1.0) ** blueprint.time_weight)


def exact_reduction(bank: CompiledBank, posterior: Posterior, gain: FloatArray, items: IntArray) -> FloatArray:
    """Expected reduction of the open dimensions' summed variance by each of `items`: compiled."""
    from .information_kernels import reduction  # loads the compiler

    out = np.empty(len(items))
    reduction(bank.prob, bank.dim, items, posterior.marginals, bank.nodes, gain, out)
    return out
