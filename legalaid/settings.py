"""Settings. Everything that differs between machines is read from the environment, here at the top.

An unknown or unusable value stops the start with the variable's name; production
(`LEGALAID_ENV=production`) also refuses to start without its secrets.
"""

import base64
import binascii
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from legalaid import embedded
from stations.files.receiving import MOST_IN_MEMORY

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = embedded.LOCAL_DIR

# ── From the environment ────────────────────────────────────────────────────────────────

KNOWN_VARIABLES = {
    "LEGALAID_ENV",
    "LEGALAID_SECRET_KEY",
    "LEGALAID_FIELD_KEYS",
    "LEGALAID_ALLOWED_HOSTS",
    "LEGALAID_SITE_URL",
    "LEGALAID_MESSAGES",
    "LEGALAID_CLAMAV",
}

for _name in os.environ:
    if _name.startswith("LEGALAID_") and _name not in KNOWN_VARIABLES:
        raise ImproperlyConfigured(
            f"{_name} is not a setting of this site. Known: {', '.join(sorted(KNOWN_VARIABLES))}."
        )


def _given(name, default=""):
    """An empty variable is one that is not set: compose files hand those over."""
    return os.environ.get(name) or default


def _choice(name, default, allowed):
    value = _given(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(
            f"{name} must be one of {', '.join(allowed)}, not {value!r}."
        )
    return value


ENVIRONMENT = _choice("LEGALAID_ENV", "demo", ["demo", "production"])
PRODUCTION = ENVIRONMENT == "production"
DEMO = not PRODUCTION

_DEMO_SECRET = "demo-only-" + "0" * 54
_DEMO_FIELD_KEYS = "1:" + base64.b64encode(b"demo-only-field-key-not-a-secret").decode()
# What docker-compose.yml gives its database when nobody chose a password.
_DEMO_DATABASE_PASSWORD = "demo-only"


def _required(name, demo_value):
    """The variable; in a demonstration it may be missing, in production it must be set."""
    value = _given(name)
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"{name} is not set; production does not start without it.")
    return value or demo_value


def _secret(name, demo_value, *, shortest):
    value = _required(name, demo_value)
    if PRODUCTION and value == demo_value:
        raise ImproperlyConfigured(f"{name} is the demonstration value; choose your own.")
    if len(value) < shortest:
        raise ImproperlyConfigured(f"{name} is too short; {shortest} characters at least.")
    return value


def _key_ring(name, demo_value):
    value = _secret(name, demo_value, shortest=40)
    for part in value.split(","):
        key_id, _colon, key = part.strip().partition(":")
        try:
            usable = 0 < int(key_id) < 256 and len(base64.b64decode(key, validate=True)) >= 32
        except (ValueError, binascii.Error):
            usable = False
        if not usable:
            raise ImproperlyConfigured(
                f"{name} must look like 1:KEY or 2:KEY,1:OLDKEY, each key 32 random bytes in base64."
            )
    return value


def _database(name, embedded_url):
    url = _required(name, embedded_url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/name."
        )
    if PRODUCTION and parts.password == _DEMO_DATABASE_PASSWORD:
        raise ImproperlyConfigured(f"{name} has the demonstration password; choose your own.")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "legalaid.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        # Per process, and opened after the fork: gunicorn loads the site in its workers, and
        # Celery closes its pool before it forks. One for each of a web process's threads.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }


def _url(name, demo_value, schemes):
    value = _required(name, demo_value)
    beginnings = tuple(f"{scheme}://" for scheme in schemes)
    if not value.startswith(beginnings):
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(beginnings)}.")
    return value


def _hosts(name):
    hosts = _required(name, "*").replace(",", " ").split()
    if PRODUCTION and "*" in hosts:
        raise ImproperlyConfigured(f"{name} must name the hosts of this site.")
    return hosts


SECRET_KEY = _secret("LEGALAID_SECRET_KEY", _DEMO_SECRET, shortest=50)
# The key ring of `stations.privacy`: "id:base64key,…", the first one encrypts, all decrypt.
FIELD_KEYS = _key_ring("LEGALAID_FIELD_KEYS", _DEMO_FIELD_KEYS)
# Where people find this site; printed as QR codes on reports.
SITE_URL = _url(
    "LEGALAID_SITE_URL", "http://localhost:8000", ["https"] if PRODUCTION else ["https", "http"]
).rstrip("/")
ALLOWED_HOSTS = _hosts("LEGALAID_ALLOWED_HOSTS")
# How applicants are written to: none (the station telephones), console, or the dotted path of a
# gateway's class, see `casework.messages`.
MESSAGES = _given("LEGALAID_MESSAGES", "none")
# The socket of a ClamAV daemon that looks at every uploaded file: a path, or host:port.
CLAMAV = _given("LEGALAID_CLAMAV")
DATABASES = {"default": _database("DATABASE_URL", embedded.database_url())}
REDIS_URL = _url("REDIS_URL", embedded.redis_url(), ["redis", "rediss", "redis+socket"])

# What is counted for a while, such as tries of an open page, beside Celery's queue.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://", 1),
        "KEY_PREFIX": "legalaid",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

# ── The site ────────────────────────────────────────────────────────────────────────────

DEBUG = False
ROOT_URLCONF = "legalaid.urls"
WSGI_APPLICATION = "legalaid.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "stations.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_include_bootstrap",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "pgtrigger",
    "axes",
    "csp",
    "stations",
    "casework",
    "assessment",
    "legalaid",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "legalaid.compression.Compression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # The language pressed in the frame (a cookie), else the browser's, else Chinese.
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "stations.access.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "legalaid.frame.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "stations.templatetags.words",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "legalaid" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO
# A file with 100,000 register rows is about 30 MB; nothing larger is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = MOST_IN_MEMORY
FILE_UPLOAD_HANDLERS = [
    "stations.files.receiving.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ── Signing in (rules 8.3) ──────────────────────────────────────────────────────────────

LOGIN_URL = "stations:sign_in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "stations:sign_in"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "stations.signing_in.backends.AccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "stations.signing_in.passwords.LongAndVaried"},
    {"NAME": "stations.signing_in.passwords.NotTheAccount"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "stations.signing_in.passwords.NotUsedBefore"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
# From wherever it was tried; addresses are slowed down in `stations.views.sign_in`.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "stations.signing_in.attempts.account_key"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it asks for the address here
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "stations/people/locked_out.html"
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# ── What the browser may do ─────────────────────────────────────────────────────────────

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked from beside the web process
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# ── Errands and clockwork ───────────────────────────────────────────────────────────────

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
# A killed worker's errand goes back to the queue; every errand may safely run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page never waits for a stopped Redis: the row says what is owed and the sweep sends it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-documents": {"task": "stations.timetable.sweep_documents", "schedule": 60.0},
    "refresh-chores": {
        "task": "stations.timetable.refresh_chores",
        "schedule": crontab(minute=20, hour="0,7-18"),
    },
    # At night, and in office hours every hour: two hours are little time (clock 26).
    "find-signs": {
        "task": "casework.timetable.find_signs",
        "schedule": crontab(minute=40, hour="0,8-17"),
    },
    "sweep-imports": {"task": "casework.timetable.sweep_imports", "schedule": 60.0},
    "open-months": {
        "task": "casework.timetable.open_months",
        "schedule": crontab(minute=10, hour="0,8"),
    },
    # At night, before the desks are looked at.
    "recompute-years": {
        "task": "assessment.timetable.recompute_years",
        "schedule": crontab(minute=30, hour=1),
    },
    "sweep-messages": {"task": "casework.timetable.sweep_messages", "schedule": 60.0},
    "sweep-destructions": {"task": "stations.timetable.sweep_destructions", "schedule": 60.0},
    "sweep-recounts": {"task": "casework.timetable.sweep_recounts", "schedule": 60.0},
    # When the day before has settled; in the morning for a machine that is off at night.
    "seal-days": {
        "task": "stations.timetable.seal_days",
        "schedule": crontab(minute=45, hour="2,8"),
    },
    "sweep-seal-checks": {"task": "stations.timetable.sweep_seal_checks", "schedule": 60.0},
    "recount-clocks": {
        "task": "casework.timetable.recount_after_calendar",
        "schedule": crontab(minute="*/10"),
    },
    # It keeps quiet outside office hours by itself: days off differ from county to county.
    "warn-of-deadlines": {
        "task": "casework.timetable.warn_of_deadlines",
        "schedule": crontab(minute="5,35", hour="8-17"),
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "stations.privacy.LogFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
