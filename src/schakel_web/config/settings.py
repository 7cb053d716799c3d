"""Settings of the application. What differs between places comes from the environment (`environment`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from schakel_web.config import environment as env

PACKAGE = Path(__file__).resolve().parents[1]
DEMO = env.yes("DEMO")
DEBUG = env.yes("DEBUG")
DATA = env.folder("DATA", "./schakel-data")

SECRET_KEY = env.text("SECRET_KEY") or ("demo " * 10 if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SCHAKEL_SECRET_KEY is empty; expected a long random text that stays the same, such as what "
        "'python -c \"import secrets; print(secrets.token_urlsafe(48))\"' prints."
    )
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured(
        "SCHAKEL_SECRET_KEY is shorter than 40 characters; expected a long random text."
    )
if DEBUG and not DEMO:
    raise ImproperlyConfigured(
        "SCHAKEL_DEBUG is on outside the demo; expected it off: error pages would show what people wrote."
    )

# Where it is reached
PORT = env.number("PORT", 8000)
ADDRESS = env.text("ADDRESS", f"http://localhost:{PORT}").rstrip("/")  # as written in mails and receipts
ALLOWED_HOSTS = env.listed("HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
SECURE = ADDRESS.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ADDRESS]
ROOT_URLCONF = "schakel_web.config.urls"
WSGI_APPLICATION = "schakel_web.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "schakel_web.ui",
    "schakel_web.accounts",
    "schakel_web.audit",
    "schakel_web.privacy",
    "schakel_web.network",
    "schakel_web.signals",
    "schakel_web.socialmap",
    "schakel_web.questions",
    "schakel_web.public",
    "schakel_web.demo",
]
MIDDLEWARE = [
    "schakel_web.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "schakel_web.ui.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schakel_web.network.middleware.AccessMiddleware",
    "schakel_web.network.uploads.UploadLimitMiddleware",
    "schakel_web.audit.middleware.AuditMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "ui/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "schakel_web.network.navigation.navigation",
            ],
            "builtins": ["schakel_web.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "schakel_web.ui.forms.Renderer"

# Data
_SQLITE = f"sqlite:///{DATA / 'schakel.sqlite3'}"
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", _SQLITE), conn_max_age=60, conn_health_checks=True
    )
}
EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if EMBEDDED:
    if not DEMO and not env.yes("ALLOW_SQLITE"):
        raise ImproperlyConfigured(
            "SCHAKEL_DATABASE_URL is not set, so this would run on SQLite; expected a PostgreSQL address such as "
            "postgres://schakel:secret@localhost/schakel, or SCHAKEL_ALLOW_SQLITE=yes for a small team on one machine."
        )
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # beyond it, limits per address would be forgotten
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Who
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["email", "name"]},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
    }.items()
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "schakel_web.ui.errors.form_expired"

ACCOUNT_ADAPTER = "schakel_web.network.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "schakel_web.network.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is answered from the mailbox it was sent to
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/15m/key",
    "login": "60/m/ip",
    "public_signal": "10/h/ip",
    "public_reading": "120/m/ip",
    "receipt": "30/h/ip",  # a guessed code is one of 30¹²
    "public_doubt": "20/h/ip",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = env.text("CLIENT_IP_HEADER") or None
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Schakel"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the municipality's own provider vouches for the addresses
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = env.yes("OIDC_ONLY")
OIDC_ISSUER = env.text("OIDC_ISSUER")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisatie",
                "name": env.text("OIDC_NAME", "uw organisatie"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

# Mail
EMAIL_HOST = env.text("MAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_PORT = env.number("MAIL_PORT", 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("MAIL_USER"), env.text("MAIL_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", "schakel@localhost")

# Language, time, files
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC", str(DATA / "static"))
STATICFILES_DIRS = [("report", PACKAGE.parent / "schakel/report/static")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
    },  # nothing that is sent in is kept as a file
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2
UPLOAD_MOST = 50 * 1024**2  # bytes of one imported file

# What the browser may do
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE

# What Schakel itself may be told
DETECTION_SEED = env.number("SEED", 1)
NIGHTLY = env.text("NIGHTLY", "02:30")  # when Schakel looks for patterns and removes what is over time
TAXONOMY_EXTENSION = env.text("TAXONOMY") or None  # file with themes of the municipality
CASE_REFERENCE = env.yes(
    "CASE_REFERENCE"
)  # an opaque reference to the municipal file beside a help request (R2)
SUPPORT = env.text("SUPPORT", "de beheerder van Schakel in uw gemeente")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"no_content": {"()": "schakel_web.config.logs.NoContent"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_content"]}
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING" if DEMO else "INFO")},
}
