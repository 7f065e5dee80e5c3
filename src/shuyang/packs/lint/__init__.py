"""The linter of content: one file a subject; every check yields findings."""
