"""Insight: decision support: the leaders' briefing, and the findings of a unit in words."""
