"""What every installation shares."""

import os
from pathlib import Path

import pghistory
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from .env import BASE_DIR, VAR_DIR, broker, database, mail, sms_gateway, storage, store_origin
from .shell import UNFOLD  # noqa: F401

SECRET_KEY = os.environ.get("SECRET_KEY", "")
# Comma-separated base64 keys of 32 bytes; the first one encrypts, all of them decrypt (see core/crypto.py).
FIELD_KEYS = os.environ.get("FIELD_KEYS", "")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
SAMPLE_SETUP = False  # True only where sample accounts may exist

INSTALLED_APPS = [
    "shenzhen_gov.apps.PortalConfig",
    "shenzhen_gov.core.apps.CoreConfig",
    "grid.apps.GridConfig",
    "dutylist.apps.DutylistConfig",
    "intake.apps.IntakeConfig",
    "dispatch.apps.DispatchConfig",
    "analytics.apps.AnalyticsConfig",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.guardian",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tables2",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "django_celery_beat",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "shenzhen_gov.system.latency.LatencyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shenzhen_gov.core.middleware.WholeBodyMiddleware",
    "shenzhen_gov.policy.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shenzhen_gov.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "shenzhen_gov.core.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shenzhen_gov.urls"
WSGI_APPLICATION = "shenzhen_gov.wsgi.application"

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
                "shenzhen_gov.context.shell",
            ],
        },
    },
]

# --- database, replica, queue -------------------------------------------------------------------
DATABASES = {"default": database("DATABASE_URL", default="postgresql://portal@%2Fvar%2Frun%2Fpostgresql/portal")}
if os.environ.get("REPLICA_URL"):
    DATABASES["replica"] = database("REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(DATABASES["default"])
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_PUBLISH_RETRY = False  # a request never waits for the broker: the sweep finds what was not woken
CELERY_TIMEZONE = "Asia/Shanghai"

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "grid.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "grid.backends.StaffBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ANONYMOUS_USER_NAME = None  # guardian: no row for "anybody"; what is public has no login
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "shenzhen_gov.account.sessions"
SESSION_COOKIE_AGE = 12 * 3600
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["shenzhen_gov.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": storage(os.environ.get("STORAGE_URL", "")),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = Path(os.environ.get("MEDIA_DIR") or VAR_DIR / "media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "shenzhen_gov.core.files.uploads.BoundedTemporaryHandler",
]
UPLOAD_MOST_BYTES = 512 * 2**20  # what no parameter can raise: more of one file is not written to the disk
# A function that looks at an open file (shenzhen_gov/core/scanning.py); none: files are taken unscanned.
VIRUS_SCANNER = os.environ.get("VIRUS_SCANNER", "")  # e.g. shenzhen_gov.core.scanning.clamd
VIRUS_SCANNER_REQUIRED = os.environ.get("VIRUS_SCANNER_REQUIRED", "1") == "1"  # no scanner, no file
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "127.0.0.1:3310")  # or the path of its socket
CLAMD_SECONDS = 30

# --- messages: by SMS and mail, each through a gateway (grid/gateways.py) ---------------------------
MESSAGE_URL = os.environ.get("SMS_GATEWAY", "file")  # console, file, or a provider's address
MESSAGE_TOKEN = os.environ.get("SMS_TOKEN", "")
MESSAGE_FILE = Path(os.environ.get("MESSAGE_FILE") or VAR_DIR / "messages.jsonl")
_mail = mail(os.environ.get("MAIL_URL", ""))
MESSAGE_GATEWAYS = {"sms": sms_gateway(MESSAGE_URL), "mail": _mail.pop("gateway")}
globals().update(_mail)
EMAIL_TIMEOUT = 10

# --- web security ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],  # shenzhen_gov.policy adds what the admin pages need
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *store_origin(STORAGES["default"])],
        "media-src": [SELF, "blob:", *store_origin(STORAGES["default"])],
        "object-src": [NONE],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = False
# How many proxies of ours stand in front: the address of a visitor is that many from the end of X-Forwarded-For.
PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "0"))
CSRF_FAILURE_VIEW = "shenzhen_gov.home.stale_page"

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Every API is open to both ways in unless it says otherwise; the key comes first, so that nobody known is a 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "intake.authentication.ChannelTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["intake.throttling.TokenThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "shenzhen_gov.core.api.exception_handler",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "shenzhen_gov.core.parsers.BoundedJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "民意速办 API",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    # Two vocabularies are called `kind`: each says in the schema whose it is.
    "ENUM_NAME_OVERRIDES": {
        "AttachmentKind": "intake.choices.AttachmentKind",
        "LineKind": "dutylist.choices.LineKind",
        "CaseState": "intake.workflow.STATES",
        "CallState": "intake.choices.CallState",
        "LeadState": "intake.workflow.LEAD_STATES",
    },
}

# --- calls to other systems (core/http.py) --------------------------------------------------------
# Internal hosts and networks that may be called all the same, by plain http too: "10.1.0.0/16,exchange.futian.local"
OUTBOUND_HOSTS = [host for host in os.environ.get("OUTBOUND_HOSTS", "").split(",") if host]

# --- a language model that may be asked for one more opinion (dispatch/gate/opinion.py); empty: nobody is asked ------
LLM_URL = os.environ.get("LLM_URL", "")  # the whole address, OpenAI-compatible: https://host/v1/chat/completions
LLM_KEY = os.environ.get("LLM_KEY", "")
LLM_MODEL = os.environ.get("LLM_MODEL", "")

# --- metrics (docs/how-to/metrics.md): who shows this token may read them from another machine; empty: nobody ---------
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# --- open data (docs/how-to/open-data.md): whether releases have an address without log-in ---------
OPEN_DATA_IS_PUBLIC = os.environ.get("OPEN_DATA_IS_PUBLIC", "0") == "1"

# --- history and logs -----------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "shenzhen_gov.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
