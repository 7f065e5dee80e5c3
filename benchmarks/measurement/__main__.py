"""`python -m benchmarks.measurement [--large]`: every table of the measurement library."""

from __future__ import annotations

import sys

from benchmarks.measurement import calibration, cat, peers

calibration.main("--large" in sys.argv)
peers.main()
cat.main()
