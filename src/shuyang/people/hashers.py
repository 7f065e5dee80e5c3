"""Password hashing."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: OWASP's first choice, below 50 ms of one core.

    Django's own setting (100 MiB, eight lanes) costs 0.3–0.6 CPU seconds, which a morning with
    thousands of first sign-ins can't pay. Old hashes are still read and renewed at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
