"""Writes, one file per use case: policy, one transaction, audit."""
