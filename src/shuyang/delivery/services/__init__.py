"""Writes of delivery, one file per use case."""
