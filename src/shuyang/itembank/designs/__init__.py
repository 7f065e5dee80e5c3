"""Designs of tests: blueprints one edits, checks against the bank, and fixes; with the forms or panels they need."""
