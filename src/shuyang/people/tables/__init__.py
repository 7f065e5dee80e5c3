"""The tables of people, one file per idea."""
