"""Benchmarks of the practice range."""
