"""Writes, one file a use case."""
