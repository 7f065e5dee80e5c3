"""The typed API under /api/: JSON in, doors, JSON out.

One file an area, each with a `router`; `root.py` joins them. An operation asks for its scope with `**asks(Scope.…)`,
calls a door with `request.actor`, and returns the door's contract: its policies decide, as for pages. Errors of ours
become `{code, words, data, problems}` in one place (`errors.py`).
"""
