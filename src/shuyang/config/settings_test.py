"""Settings of the test suite: a throw-away home, quick password hashing, everything else as in production."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SHUYANG_HOME", tempfile.mkdtemp(prefix="shuyang-test-"))

from shuyang.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
ALLOWED_HOSTS = ["*"]
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # noqa: F405  (so that the middleware need not warn)
