"""Writes of learning, one file per use case."""
