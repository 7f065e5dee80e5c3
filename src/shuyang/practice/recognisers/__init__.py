"""Finds Chinese identifiers in text. No Django."""
