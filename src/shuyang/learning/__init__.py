"""Learning: lessons with practice items inside, how far one has read, and one's own notes."""
