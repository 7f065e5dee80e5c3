"""python -m benchmarks.insight [REPEATS]

How often the leaders' briefing names a finding where nothing differs (default 400 organisations, about a minute).
"""

from __future__ import annotations

import os
import sys
import tempfile


def main() -> int:
    if sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuyang.config.settings")
    os.environ.setdefault("SHUYANG_HOME", tempfile.mkdtemp(prefix="shuyang-bench-"))
    import django

    django.setup()
    from benchmarks.insight.noise import run

    for name, found, wanted in run(int(sys.argv[1]) if len(sys.argv) > 1 else 400):
        print(f"{name:62} {found:>8}   {wanted}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
