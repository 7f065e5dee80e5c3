"""Recruitment: numbers instead of names, a rule with its risk, release by two, appeals, a file of evidence."""
