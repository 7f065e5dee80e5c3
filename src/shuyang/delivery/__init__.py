"""Delivery: campaigns, sittings, and the adaptive steps of a sitting."""
