"""Needs surveys: questionnaires with self-ratings, answered by name, read in sums only."""
