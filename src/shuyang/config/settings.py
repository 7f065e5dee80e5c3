"""Settings. Everything that differs between installations comes from the environment (docs/reference/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path

from shuyang.config.environment import database, home, mail, secret_key, text_list

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()
SHUYANG_HOME = str(HOME)
# Compiled numerics are kept here: the installation itself may be read-only.
os.environ.setdefault("NUMBA_CACHE_DIR", str(HOME / "numba"))
SHUYANG_SECRETS = os.environ.get("SHUYANG_SECRETS", str(HOME / "secrets"))
SHUYANG_FILES = os.environ.get("SHUYANG_FILES", str(HOME / "files"))
SHUYANG_EXTRACT = os.environ.get("SHUYANG_EXTRACT", str(HOME / "extract"))
SHUYANG_ORGANISATION = os.environ.get("SHUYANG_ORGANISATION", "云川市（演示）")

DEBUG = os.environ.get("SHUYANG_DEBUG") == "1"
SECRET_KEY = secret_key(Path(SHUYANG_SECRETS))
ALLOWED_HOSTS = text_list("SHUYANG_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = text_list("SHUYANG_ORIGINS", [])
SHUYANG_HTTPS = os.environ.get("SHUYANG_HTTPS") == "1"

INSTALLED_APPS = [
    "shuyang.kit.apps.KitConfig",
    "shuyang.trust.apps.TrustConfig",
    "shuyang.people.apps.PeopleConfig",
    "shuyang.frameworks.apps.FrameworksConfig",
    "shuyang.evidence.apps.EvidenceConfig",
    "shuyang.itembank.apps.ItembankConfig",
    "shuyang.delivery.apps.DeliveryConfig",
    "shuyang.practice.apps.PracticeConfig",
    "shuyang.learning.apps.LearningConfig",
    "shuyang.feedback.apps.FeedbackConfig",
    "shuyang.insight.apps.InsightConfig",
    "shuyang.web.apps.WebConfig",
    "django_tasks_db",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuyang.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shuyang.web.middleware.SignedIn",
    "shuyang.web.middleware.Messages",
    "shuyang.web.middleware.ErrorsInWords",
]

ROOT_URLCONF = "shuyang.config.urls"
WSGI_APPLICATION = "shuyang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "shuyang.web.context.shell",
            ],
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shuyang.web.templatetags.shuyang",
                "shuyang.web.templatetags.charts",
            ],
        },
    }
]

DATABASES = {"default": database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["shuyang.people.hashers.TunedArgon2", "django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "shuyang.people.sessions"
SESSION_COOKIE_NAME = "shuyang"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shuyang.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SHUYANG_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SHUYANG_HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Mail is off unless a server is named; reminders are the only mail there is.
SHUYANG_MAIL = os.environ.get("SHUYANG_MAIL", "")
SHUYANG_ADDRESS = os.environ.get("SHUYANG_ADDRESS", "")
DEFAULT_FROM_EMAIL = os.environ.get("SHUYANG_MAIL_FROM", "shuyang@localhost")
vars().update(mail(SHUYANG_MAIL))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "shuyang_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = str(HOME / "static")
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": SHUYANG_FILES}},
    "staticfiles": {"BACKEND": "shuyang.web.storage.HashedStatic"},
}
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # a refusal in words is no fault of the server: only 5xx are logged
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHUYANG_LOG", "WARNING")},
}
