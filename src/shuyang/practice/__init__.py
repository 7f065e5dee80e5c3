"""The practice range: officials do digital government on a synthetic city, and what they make is graded."""
