"""Definitions of the tables, by theme."""
