"""python -m benchmarks.practice.recognisers [--texts N] [--seed S]: precision and recall of the recognisers by kind.

Measured on templates that the rules were not made from, filled with identifiers of the invented city and with decoys (order
numbers, dates, amounts, document numbers, wrong check digits, serial numbers). A finding counts only if both ends are right.
"""

from __future__ import annotations

import argparse
import time

from shuyang.practice.recognisers.measure import measure
from shuyang.practice.recognisers.samples import FRESH, HELD_OUT, TUNING, UNSEEN, samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=20261122)
    args = parser.parse_args()
    for title, templates in (
        ("written last", FRESH),
        ("names in running text", UNSEEN),
        ("held out", HELD_OUT),
        ("used for the rules", TUNING),
    ):
        texts = samples(args.seed, args.texts, templates)
        start = time.process_time()
        scores = measure(texts)
        seconds = time.process_time() - start
        size = sum(len(text.text) for text in texts)
        print(f"\n{title}: {len(texts)} texts, {size / 1000:.0f} thousand characters, {seconds:.1f} CPU seconds")
        print(f"{'kind':<12}{'there':>8}{'precision':>11}{'recall':>9}")
        for kind, score in scores.items():
            print(f"{kind.name.lower():<12}{score.there:>8}{score.precision:>11.4f}{score.recall:>9.4f}")


if __name__ == "__main__":
    main()
