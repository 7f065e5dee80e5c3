"""What the measurement commands say when data or wishes do not fit: in Chinese and English, with the names at fault."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from shuyang.kernel.errors import Invalid

MOST_NAMED = 10
_CHINESE = {
    "no_variation": "这些题所有人答得一样，无法估计，请去掉它们",
    "unused_category": "有的等级没有人用过",
    "not_connected": "题目分成了互不相连的几部分，没有共同的作答人",
    "needs_complete_data": "这个统计量要求每人答完所有的题",
    "no_responses": "没有作答数据",
    "bad_category": "作答不是允许的等级",
    "bad_model": "模型不存在，或与题目的等级数不符",
    "bad_parameter": "参数超出允许范围",
    "bad_shape": "数据的形状或名称对不上",
    "not_identified": "这个模型无法由数据唯一确定",
    "not_one_dimensional": "只适用于一个维度",
    "duplicate_response": "同一人对同一题有两个作答",
    "missing_extra": "需要另外安装一个组件",
}
_HINTS = {"unused_category": "--collapse", "not_connected": "--unconnected", "needs_complete_data": "dif: --bank"}


def in_words(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command with errors of the library said for people who read the command line."""

    def command(args: argparse.Namespace) -> int:
        from shuyang.measurement.errors import MeasurementError, MeasurementWarning

        warnings.simplefilter("ignore", MeasurementWarning)  # results carry them as notes, which are printed
        try:
            return run(args)
        except MeasurementError as error:
            raise Invalid(message=words(error)) from error

    return command


def words(error: Any) -> str:
    """One line: Chinese, English, what is at fault, and the option that may help."""
    parts = [_CHINESE.get(error.code, ""), error.message]
    named = "; ".join(f"{key}: {_listed(value)}" for key, value in error.data.items())
    hint = _HINTS.get(error.code)
    return " ".join(part for part in [*parts, f"[{named}]" if named else "", f"({hint})" if hint else ""] if part)


def _listed(value: Any) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    names = [_listed(v) if isinstance(v, list | tuple) else str(v) for v in value]
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
