"""Trust: who acts, what they may do, and proof of what was done."""
