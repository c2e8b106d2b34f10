"""Settings, read from the environment; each missing value says what to set."""

import datetime
from pathlib import Path

import pghistory
from celery.schedules import crontab

from config.environment import env, required
from config.file_queue import file_queue_options
from config.logs import configure_structlog, logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything this installation writes: files, queue, cache, the embedded database.
VAR_DIR = Path(env.str("JC_VAR_DIR", default="") or BASE_DIR / "var").resolve()

DEBUG = env.bool("DEBUG", default=False)

if DEBUG:
    SECRET_KEY = env.str("SECRET_KEY", default="for development on this machine only, never in production 0123456789")
else:
    SECRET_KEY = required("SECRET_KEY", "a long random text that only this installation knows.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
# A host with a leading dot stands for all its subdomains, which Django writes with a star here.
CSRF_TRUSTED_ORIGINS = [f"https://{'*' * host.startswith('.')}{host}" for host in ALLOWED_HOSTS if host != "*"]

# --- Database -----------------------------------------------------------------------------------
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
elif DEBUG:
    from config.embedded_postgres import database_url

    DATABASES = {"default": env.db_url_config(database_url(env.str("DEMO_DATABASE", default="postgres")))}
else:
    required("DATABASE_URL", "for example postgres://user:password@host:5432/name, a PostgreSQL 18 server.")
# The part of its trigrams that a swapped pair of letters leaves a word of seven: so far from what was typed a spelling
# is looked for.
LIKE_A_WORD = "-c pg_trgm.word_similarity_threshold=0.3"
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    # Pages are many short queries: compiling them or starting workers for them costs more than it saves.
    # Every history trigger asks whether it is to be ignored, and an answer is far cheaper than an error.
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {"options": "-c jit=off -c max_parallel_workers_per_gather=0 -c pgtrigger.ignore={} " + LIKE_A_WORD},
    # Lets several test runs share one server.
    "TEST": {"NAME": env.str("TEST_DATABASE_NAME", default="test_joint_commissioning")},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "guardian",
    "import_export",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "csp",
    "accounts",
    "commissioning",
    "governance",
    "agreements",
    "contracts",
    "reporting",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside all that may refuse a request, so that error pages bear these headers too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.NoCopiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PlainTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleClockMiddleware",
    "accounts.middleware.RequestLogMiddleware",
    "accounts.middleware.ActMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.DemonstrationMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page_frame",
            ],
        },
    }
]
FORM_RENDERER = "accounts.forms_renderer.GovukFormRenderer"

# --- Who you are --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "commissioning.backends.ScopeBackend",
]
# guardian stores the grants; every check is answered from the Scope, so that a global permission,
# staff status or an inactive account never opens an object. Its own backend would let them.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.PasswordChangeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator with a checked address; there is no sign-up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Joint Commissioning: "  # else the address it is served under, in brackets
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "reset_password_from_key": "20/m/ip",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request before the person is signed out
SESSION_MOVED_EVERY = 60  # seconds; its end is written at most so often, by accounts.middleware.IdleClockMiddleware
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- History ------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
# What only reads changes nothing that history keeps, and every act names itself.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

# --- Where things run ---------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 30,
        "unacked_restore_throttle": 1,
    }
else:  # one machine, no server: files that every process of this machine shares
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }
    CELERY_BROKER_URL = "files://localhost/"  # the host is never asked; without one the log complains
    CELERY_BROKER_TRANSPORT_OPTIONS = file_queue_options(VAR_DIR / "queue")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800  # seconds
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "grants of ended partnerships": {
        "task": "commissioning.sweep_ended_partners",
        "schedule": crontab(hour=2, minute=15),  # in Europe/London
    }
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Joint Commissioning <no-reply@localhost>")

# --- Language, time, files ----------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
DEMO_TODAY: datetime.date | None = None  # the day the demonstration lives in; the real day where unset
if env.str("DEMO_TODAY", default=""):
    DEMO_TODAY = datetime.date.fromisoformat(env.str("DEMO_TODAY"))

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_files.HashedStaticFiles"
    },
}
# In DEBUG straight from the folders they lie in; said here, since the test runner turns DEBUG itself off.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "files"  # private: nothing serves this folder but views that check permission
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Security -----------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
# How many servers stand in front and add the caller's address: without it every wrong password in the house would
# count against the proxy, and a dozen of them would shut everybody out.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0 if DEBUG else 1)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    if TRUSTED_PROXIES:  # with nothing in front the header would be the caller's own word
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Logs ---------------------------------------------------------------------------------------
configure_structlog()
LOGGING = logging_config(debug=DEBUG, level=env.str("LOG_LEVEL", default="WARNING" if DEBUG else "INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
