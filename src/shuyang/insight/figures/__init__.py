"""Figures: named queries over archived data, and how their numbers are written. Fixed once an issue has used them."""
