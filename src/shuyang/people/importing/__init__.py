"""Rosters from Excel: read, match columns, check, accept, write in small batches."""
