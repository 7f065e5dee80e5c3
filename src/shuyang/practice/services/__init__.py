"""Writes of practice, one file for each use."""
