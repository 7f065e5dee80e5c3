"""Figures of units: from the rows of the extract to one fixed publication of a campaign."""
