"""python -m benchmarks.feedback [coverage [REPEATS] | cost [PEOPLE …]]

Without an argument both. `coverage` simulates organisations whose truth is known (default 300 of each kind, some minutes); `cost`
publishes two campaigns of 10,000, 100,000 and 1,000,000 synthetic people and asks for pages, each in a process of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuyang.config.settings")
    os.environ.setdefault("SHUYANG_HOME", tempfile.mkdtemp(prefix="shuyang-bench-"))
    import django

    django.setup()
    what, rest = (sys.argv[1] if len(sys.argv) > 1 else "all"), sys.argv[2:]
    if what in ("-h", "--help"):
        print(__doc__)
        return 0
    if what in ("prepare", "publish-1", "publish-2", "views"):
        from benchmarks.feedback import cost

        parts = {"prepare": cost.prepare, "views": cost.views}
        people, number = int(rest[0]), int(what[-1]) if what.startswith("publish") else 0
        found = cost.publish(people, number) if number else parts[what](people)
        print(" ".join(f"{k}={v}" for k, v in found.items()))
    if what in ("all", "coverage"):
        from benchmarks.feedback.coverage import run

        for name, found, error, wanted in run(int(rest[0]) if rest and what == "coverage" else 300):
            print(f"{name:62} {found:>8} {error:>8}   {wanted}", flush=True)
    if what in ("all", "cost"):
        from benchmarks.feedback import cost

        rows = cost.run(tuple(map(int, rest)) if rest and what == "cost" else cost.STEPS)
        print("  ".join(f"{name:>14}" for name in rows[0]))
        for row in rows:
            print("  ".join(f"{value:>14}" for value in row.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
