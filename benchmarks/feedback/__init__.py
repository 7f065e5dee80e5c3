"""Unit figures: what they cost up to a million people, and whether their intervals and findings hold what they promise."""
