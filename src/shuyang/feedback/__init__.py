"""Feedback: diagnosis, the result of a person, the picture of a unit."""
