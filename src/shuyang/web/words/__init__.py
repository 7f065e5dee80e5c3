"""Words for problem and error codes, one module per area, each with a dict `WORDS`: code -> translatable text."""
