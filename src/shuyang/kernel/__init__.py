"""Kernel: ids, clock, errors and canonical hashing. Standard library only; knows nothing of the product."""
