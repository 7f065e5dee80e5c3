"""The briefing on simulated organisations: silent on noise, not on a large difference.

The rate itself: `python -m benchmarks.insight`.
"""

from __future__ import annotations

import numpy as np
from benchmarks.feedback.coverage import SIZES
from benchmarks.insight.noise import names_a_finding, simulated

from shuyang.insight.content import ParagraphKind
from shuyang.insight.text import plain


def test_on_pure_noise_nothing_is_named() -> None:
    """At 3.5 % a briefing, more than 4 of 30 by chance has a probability of some 0.4 %; the seed is fixed besides."""
    rng = np.random.default_rng(11)
    drafts = [simulated(rng) for _ in range(30)]
    silent = [d for d in drafts if not names_a_finding(d)]
    assert len(silent) >= 26
    for draft in silent:
        (told,) = [plain(p.text) for p in draft.paragraphs if p.kind is ParagraphKind.FINDING]
        assert "均未超出误差范围" in told
        assert "才有80%的把握被发现" in told


def test_a_large_planted_difference_is_named_and_has_the_right_sign() -> None:
    draft = simulated(np.random.default_rng(12), weak=1.2)
    first = next(p for p in draft.paragraphs if p.kind is ParagraphKind.FINDING)
    assert f"与本单位其他人员相比，{len(SIZES)}（{SIZES[-1]}人）" in plain(first.text)
    assert "低" in plain(first.text)
