"""Integrity for adults: signals with evidence for a person to judge; none acts by itself, each can be turned off."""
