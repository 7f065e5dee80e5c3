"""The columnar extract: one row for each result, made from evidence by a job, read by everything about groups."""
