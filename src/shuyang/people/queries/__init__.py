"""Reads, one file per idea."""
