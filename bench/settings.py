"""Settings as in production, served over plain HTTP on this machine, on the day that the worlds of scale live on."""

import os

from config import embedded_postgres

# Read by the settings below, which refuse to start without them.
os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "for worlds that hold nobody's data, served to this machine only 0123456789",
    "ALLOWED_HOSTS": "127.0.0.1,testserver",
    "SECURE_SSL_REDIRECT": "false",
    "TRUSTED_PROXIES": "0",
}
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = embedded_postgres.database_url()

from bench.worlds import WORK_DIR
from config.file_queue import file_queue_options
from config.settings import *  # noqa: F403
from config.settings import (
    ACCOUNT_RATE_LIMITS,
    BASE_DIR,
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    REDIS_URL,
    SILENCED_SYSTEM_CHECKS,
    STORAGES,
    TEMPLATES,
)
from reporting.scale.names import TODAY

ROOT_URLCONF = "bench.urls"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [BASE_DIR / "templates", BASE_DIR / "bench" / "templates"]}]
# The stock list is guarded by Django's administration, as stock lists are.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "commissioning.E001"]
DEMO_TODAY = TODAY

# Cookies that plain HTTP carries; and fifty people who sign in from one address are no attack here.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 0
ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS | {"login": "1000/m/ip"}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Nothing of this lies among what the demonstration keeps. Hashed names as in production, but uncompressed: nobody
# downloads these files.
MEDIA_ROOT = WORK_DIR / "files"
STATIC_ROOT = WORK_DIR / "static"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
if not REDIS_URL:
    CACHES = {"default": CACHES["default"] | {"LOCATION": WORK_DIR / "cache"}}
    CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | file_queue_options(WORK_DIR / "queue")
