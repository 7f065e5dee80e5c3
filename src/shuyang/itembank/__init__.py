"""Item bank: items, their immutable versions, reports about them, and content-addressed releases."""
