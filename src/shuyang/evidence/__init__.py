"""Evidence: append-only observations and estimates about persons; written by producers, read by consumers."""
