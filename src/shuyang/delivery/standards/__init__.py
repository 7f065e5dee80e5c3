"""Standard setting: judges, rounds, cuts with their errors, what they risk, and the record a release cites."""
