"""Benchmarks of feedback: are its intervals right, what does it cost."""
