"""Psychometrics as a plain library: calibration, scores, fit, fairness, linking, adaptive testing.

The public functions are loaded on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "Beta": "shuyang.measurement.irt.priors",
    "Blueprint": "shuyang.measurement.cat.contracts",
    "Calibration": "shuyang.measurement.irt.result",
    "CatItem": "shuyang.measurement.cat.contracts",
    "CatRules": "shuyang.measurement.simulate.one_dimension",
    "ItemParameters": "shuyang.measurement.irt.items",
    "Latent": "shuyang.measurement.irt.latent",
    "LogNormal": "shuyang.measurement.irt.priors",
    "Normal": "shuyang.measurement.irt.priors",
    "Prior": "shuyang.measurement.cat.contracts",
    "Priors": "shuyang.measurement.irt.priors",
    "Responses": "shuyang.measurement.irt.data",
    "Scores": "shuyang.measurement.irt.scores",
    "Shard": "shuyang.measurement.irt.distributed",
    "angoff": "shuyang.measurement.standards",
    "assemble_forms": "shuyang.measurement.cat.assembly",
    "assemble_panel": "shuyang.measurement.cat.multistage",
    "bookmark": "shuyang.measurement.standards",
    "calibrate": "shuyang.measurement.irt.calibrate",
    "calibrate_distributed": "shuyang.measurement.irt.distributed",
    "cat_items": "shuyang.measurement.cat.convert",
    "choose_by_shadow": "shuyang.measurement.cat.shadow",
    "classify_scores": "shuyang.measurement.standards",
    "classify_sums": "shuyang.measurement.standards",
    "compile_bank": "shuyang.measurement.cat.bank",
    "empirical_reliability": "shuyang.measurement.fit",
    "item_fit": "shuyang.measurement.fit",
    "ld_x2": "shuyang.measurement.fit",
    "level_probabilities": "shuyang.measurement.standards",
    "likelihood_ratio_dif": "shuyang.measurement.dif",
    "link": "shuyang.measurement.linking",
    "logistic_dif": "shuyang.measurement.dif",
    "lz_star": "shuyang.measurement.fit",
    "mantel_haenszel": "shuyang.measurement.dif",
    "marginal_reliability": "shuyang.measurement.fit",
    "model_fit": "shuyang.measurement.fit",
    "next_module": "shuyang.measurement.cat.multistage",
    "next_step": "shuyang.measurement.cat.session",
    "parameter_drift": "shuyang.measurement.fit",
    "person_fit": "shuyang.measurement.fit",
    "plausible_values": "shuyang.measurement.irt.plausible",
    "q3": "shuyang.measurement.fit",
    "rank_items": "shuyang.measurement.cat.criteria",
    "rank_items_md": "shuyang.measurement.cat.criteria_md",
    "recompute": "shuyang.measurement.receipts",
    "rotate": "shuyang.measurement.irt.rotate",
    "s_x2": "shuyang.measurement.fit",
    "score": "shuyang.measurement.irt.scores",
    "score_distributed": "shuyang.measurement.irt.distributed",
    "simulate_cat": "shuyang.measurement.simulate.one_dimension",
    "simulate_panel": "shuyang.measurement.simulate.panels",
    "simulate_sittings": "shuyang.measurement.simulate.sittings",
    "sum_score_table": "shuyang.measurement.irt.sumscore",
    "sympson_hetter": "shuyang.measurement.cat.exposure",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
