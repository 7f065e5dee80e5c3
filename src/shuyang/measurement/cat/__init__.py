"""Adaptive testing: compiled banks, posteriors, item selection, stopping; import the doors from `session`."""
