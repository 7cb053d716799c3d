"""Settings of the application. What differs between places comes from the environment (`environment`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from schakel_web.accounts.roles import second_factor_for
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

SECRET_KEY_FALLBACKS = env.listed("OLD_SECRET_KEYS")  # what was made with them stays valid

# Where it is reached
PORT = env.number("PORT", 8000)
ADDRESS = env.text("ADDRESS", f"http://localhost:{PORT}").rstrip("/")  # as written in mails and receipts
SECURE = ADDRESS.startswith("https://")
ALLOWED_HOSTS = env.listed("HOSTS") or (
    [urlsplit(ADDRESS).hostname or ""] if SECURE else ["localhost", "127.0.0.1", "[::1]"]
)
CLIENT_IP_HEADER = env.text("CLIENT_IP_HEADER")
if SECURE and not CLIENT_IP_HEADER:
    raise ImproperlyConfigured(
        "SCHAKEL_CLIENT_IP_HEADER is empty while SCHAKEL_ADDRESS is https; expected the header in which the proxy puts "
        "the address of the visitor, such as X-Real-IP: without it one visitor's mistakes would lock out everybody."
    )
CSRF_TRUSTED_ORIGINS = [ADDRESS]
ROOT_URLCONF = "schakel_web.config.urls"
WSGI_APPLICATION = "schakel_web.config.wsgi.application"

# Login by the provider of the organisation
OIDC_ISSUER = env.text("OIDC_ISSUER").rstrip("/")
SOCIALACCOUNT_ONLY = env.yes("OIDC_ONLY")
if OIDC_ISSUER and not (env.text("OIDC_CLIENT_ID") and env.text("OIDC_CLIENT_SECRET")):
    raise ImproperlyConfigured(
        "SCHAKEL_OIDC_ISSUER is set; expected SCHAKEL_OIDC_CLIENT_ID and SCHAKEL_OIDC_CLIENT_SECRET beside it, as the "
        "provider gave them."
    )
if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://") and not DEMO:
    raise ImproperlyConfigured(
        f"SCHAKEL_OIDC_ISSUER is '{OIDC_ISSUER}'; expected an address with https: what is said there is trusted."
    )
if SOCIALACCOUNT_ONLY and not OIDC_ISSUER:
    raise ImproperlyConfigured(
        "SCHAKEL_OIDC_ONLY is on without a provider, so nobody could log in; expected SCHAKEL_OIDC_ISSUER, or "
        "SCHAKEL_OIDC_ONLY off."
    )

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
    *([] if SOCIALACCOUNT_ONLY else ["allauth.mfa"]),
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
    "schakel_web.arrangements",
    "schakel_web.public",
    "schakel_web.demo",
]
MIDDLEWARE = [
    "schakel_web.config.health.HealthMiddleware",
    "schakel_web.config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "schakel_web.ui.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "schakel_web.ui.caching.NoStoreMiddleware",
    "schakel_web.accounts.login.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schakel_web.network.middleware.AccessMiddleware",
    "schakel_web.network.middleware.SecondFactorMiddleware",
    "schakel_web.network.uploads.UploadLimitMiddleware",
    "schakel_web.network.once.OnceMiddleware",
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
            "builtins": ["schakel_web.ui.templatetags.ui", "schakel_web.signals.templatetags.signals"],
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
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600  # from logging in: a working day
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
ACCOUNT_MAX_EMAIL_ADDRESSES = (
    1  # the one that was invited: what a provider says about another is about somebody else
)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/15m/key",
    "login": "60/m/ip",
    "public_signal": "30/h/ip",  # kept signals: a library has one address
    "public_reading": "120/m/ip",
    "receipt": "30/h/ip",  # a guessed code is one of 30¹²
    "public_doubt": "20/h/ip",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = CLIENT_IP_HEADER or None
USERSESSIONS_TRACK_ACTIVITY = False
#: Roles that need a second step when they log in here rather than at their organisation's provider
SECOND_FACTOR = second_factor_for(
    "nobody" if SOCIALACCOUNT_ONLY else env.text("SECOND_FACTOR", "nobody" if DEMO else "everyone")
)
MFA_ADAPTER = "schakel_web.accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "schakel_web.accounts.forms.ActivateAppForm",
    "authenticate": "schakel_web.accounts.forms.CodeForm",
    "reauthenticate": "schakel_web.accounts.forms.CodeAgainForm",
    "add_webauthn": "schakel_web.accounts.forms.AddKeyForm",
    "edit_webauthn": "schakel_web.accounts.forms.EditKeyForm",
    "login_webauthn": "schakel_web.accounts.forms.LoginKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Schakel"
MFA_TOTP_TOLERANCE = 1  # the code before or after as well: clocks differ, people type slowly (RFC 6238, 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the municipality's own provider vouches for the addresses
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisatie",
                "name": env.text("OIDC_NAME", "uw organisatie"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "verified_email": env.listed("OIDC_DOMAINS")},
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
NIGHTLY = env.clock("NIGHTLY", "02:30")  # when Schakel looks for patterns and removes what is over time
TAXONOMY_EXTENSION = env.text("TAXONOMY") or None  # file with themes of the municipality
CASE_REFERENCE = env.yes(
    "CASE_REFERENCE"
)  # an opaque reference to the municipal file beside a help request (R2)
SUPPORT = env.text("SUPPORT", "de beheerder van Schakel in uw gemeente")

LOG_LEVEL = env.one_of("LOG_LEVEL", "WARNING" if DEMO else "INFO", "DEBUG", "INFO", "WARNING", "ERROR")
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
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
