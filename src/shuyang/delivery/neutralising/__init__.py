"""Faulty items: take them out of a running campaign, score anew who met them, and take that back if need be."""
