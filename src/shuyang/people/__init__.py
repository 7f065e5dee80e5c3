"""People: organisation tree, persons, dated posts, accounts, roles, search, import."""
