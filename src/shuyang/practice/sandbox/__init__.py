"""Runs learners' queries, which are hostile input, each in a process of its own that can be killed."""
