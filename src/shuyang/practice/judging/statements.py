"""Which of several statements, steps or measures were ticked: some belong in the work, each of the others does harm."""

from __future__ import annotations

from collections.abc import Collection

from shuyang.practice.judging.verdict import Verdict


def check_statements(ticked: Collection[str], sound: Collection[str]) -> Verdict:
    """What to say of ticked statements, of which those in `sound` are right and all others wrong.

    Category 0 where nothing was ticked (`none`), more than one wrong (`several`) or more than half of the sound ones missing
    (`few`); 1 for one wrong one (the reason is its id: word each of them); 2 where some sound ones are missing
    (`incomplete`); 3 for all of them and nothing else (`right`). Evidence: `wrong` and `missed`, how many.
    """
    wrong, missed = sorted(set(ticked) - set(sound)), set(sound) - set(ticked)
    figures = {"wrong": len(wrong), "missed": len(missed)}
    if not ticked:
        return Verdict(0, "none", figures)
    if len(wrong) > 1:
        return Verdict(0, "several", figures)
    if 2 * len(missed) > len(sound):
        return Verdict(0, "few", figures)
    if wrong:
        return Verdict(1, wrong[0], figures)
    return Verdict(2, "incomplete", figures) if missed else Verdict(3, "right", figures)
