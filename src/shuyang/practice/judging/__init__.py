"""How good a piece of work is, from its outcome: records matched, rules applied. Plain numpy, no Django."""
