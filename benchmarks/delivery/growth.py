"""Cost of an answer as the bank grows: from 500 to 5,000 items it should stay what it was.

    python -m benchmarks.delivery.growth                     500, 1,000, 2,000 and 5,000 items on SQLite

Banks are made of variants of the seven item types at all levels. Each size runs in a process and a database of its own;
CPU is that of the service and of the fragment, without HTTP.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time

from benchmarks.delivery.server import ROOT, environment

SIZES = (500, 1000, 2000, 5000)
PEOPLE, ANSWERS = 12, 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, help="one size, in this process (used by the command itself)")
    args = parser.parse_args()
    if args.items:
        print(f"{measure(args.items):.3f}")
        return
    costs = {size: _run(size) for size in SIZES}
    for size, cost in costs.items():
        print(f"{size:>6} items   {cost:.2f} ms an answer   {cost / costs[SIZES[0]]:.2f} of the smallest")


def _run(size: int) -> float:
    with tempfile.TemporaryDirectory(prefix="shuyang-bench-") as home:
        command = [sys.executable, "-m", "benchmarks.delivery.growth", "--items", str(size)]
        done = subprocess.run(command, env=environment(home, ""), capture_output=True, text=True, cwd=ROOT, check=True)
        return float(done.stdout.splitlines()[-1])


def measure(items: int) -> float:
    """Milliseconds of CPU an answer on a fresh bank of about so many items."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.cast import make_cast, make_member
    from tests.delivery.world import load_bank, open_campaign, raw_for

    from shuyang.delivery import engine
    from shuyang.delivery.api import answer, begin
    from shuyang.kernel.ids import new_id

    load_bank(per_facet=-(-items // 12))
    cast = make_cast()
    from tests.delivery.world import NOON

    from shuyang.kernel.clock import frozen

    with frozen(NOON):
        campaign = open_campaign(cast)
        engine.warm_up(campaign.release_hash)
        spent = 0.0
        for n in range(PEOPLE):
            actor = make_member(f"B{n:03d}", "模拟", cast.finance, synthetic=True).actor
            sitting = begin(actor=actor, campaign_id=campaign.id).id
            for position in range(1, ANSWERS + 1):
                raw = raw_for(sitting, position % 2)
                started = time.process_time()
                answer(actor=actor, sitting_id=sitting, position=position, key=new_id(), raw=raw)
                spent += time.process_time() - started
    return 1000 * spent / (PEOPLE * ANSWERS)


if __name__ == "__main__":
    main()
