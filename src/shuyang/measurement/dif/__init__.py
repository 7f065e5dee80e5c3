"""Differential item functioning: does an item favour one group among persons of equal ability?"""

from shuyang.measurement.dif.likelihood import LikelihoodRatioDif, likelihood_ratio_dif
from shuyang.measurement.dif.logistic import LogisticDif, logistic_dif
from shuyang.measurement.dif.mantel import MantelHaenszel, mantel_haenszel

__all__ = [
    "LikelihoodRatioDif",
    "LogisticDif",
    "MantelHaenszel",
    "likelihood_ratio_dif",
    "logistic_dif",
    "mantel_haenszel",
]
