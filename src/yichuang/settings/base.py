"""Settings of every process. Values come from the environment: `./run demo` or a unit file sets them.

One module for demo and production on purpose: what the demo runs is what a hall runs. Only the tests have their own.
"""

from pathlib import Path

from yichuang.core import clock
from yichuang.settings import gateways, logs
from yichuang.settings.env import database, env, env_bool, env_list

PACKAGE = Path(__file__).resolve().parents[1]  # src/yichuang: templates and translations lie beside the code

YICHUANG_VERSION = (PACKAGE / "VERSION").read_text(encoding="ascii").strip()
DEBUG = env_bool("YICHUANG_DEBUG", False)
SECRET_KEY = env("YICHUANG_SECRET_KEY")
_HERE = ("localhost", "127.0.0.1", "[::1]")  # always: what watches over the installation may run beside it
ALLOWED_HOSTS = [*env_list("YICHUANG_HOSTS", ""), *_HERE]
YICHUANG_DEMO = env_bool("YICHUANG_DEMO", False)  # synthetic people, development outbox, accounts shown at sign-in
if clock.runs_apart() and not YICHUANG_DEMO:
    raise RuntimeError(
        "YICHUANG_CLOCK_SPEED and YICHUANG_CLOCK_HOURS are for a demo whose day is played: statutory limits run by the "
        "real clock. Unset both. 加快的时钟只能用于演示环境；法定期限只能按真实时间计算，请去掉这两个设置。"
    )
YICHUANG_DATA = Path(env("YICHUANG_DATA", "data")).absolute()  # uploads, keys, checkpoints kept outside the database
YICHUANG_METRICS_TOKEN = env("YICHUANG_METRICS_TOKEN")  # opens /metrics to other machines than this one
YICHUANG_CENTRE = env("YICHUANG_CENTRE").rstrip("/")  # set at a hall node: the address of its centre (docs/adr/0045)
YICHUANG_DUTY_MINUTES = int(env("YICHUANG_DUTY_MINUTES", "15"))  # then a question to who is on duty is everybody's
YICHUANG_DISK_FLOOR_MB = int(env("YICHUANG_DISK_FLOOR_MB", "512"))  # less free than this, and no more files come in
# folders of item packs (<area>/<item>/) that the console lists, checks and publishes from; the sources' own by default
YICHUANG_PACKS = [Path(folder).absolute() for folder in env_list("YICHUANG_PACKS", str(PACKAGE.parents[1] / "packs"))]
YICHUANG_CRYPTO_SUITE = env("YICHUANG_CRYPTO_SUITE", "intl")  # intl | guomi
YICHUANG_FIELD_KEYS = env("YICHUANG_FIELD_KEYS")  # "k1:<base64 of 32 bytes>[,k0:…]", the first one seals
YICHUANG_INDEX_KEY = env("YICHUANG_INDEX_KEY")  # base64 of 32 bytes, for blind indexes
YICHUANG_BASE_URL = env("YICHUANG_BASE_URL", "http://127.0.0.1:8000")  # what QR codes point at
# Where pages find live news: a path on the same host behind a proxy, or the SSE process's own port in the demo
# (cookies do not know ports, so the session reaches it; it answers only the origin of YICHUANG_BASE_URL).
YICHUANG_EVENTS_URL = env("YICHUANG_EVENTS_URL", "/events")
YICHUANG_BEHIND_PROXY = env_bool("YICHUANG_BEHIND_PROXY", False)  # its X-Forwarded-Proto and -For are believed
YICHUANG_HTTPS = env_bool("YICHUANG_HTTPS", True)  # False only on a machine of one's own: cookies then travel in clear

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "yichuang.core",
    "yichuang.people",
    "yichuang.network",
    "yichuang.catalog",
    "yichuang.registry",
    "yichuang.engine",
    "yichuang.notices",
    "yichuang.devices",
    "yichuang.cases",
    "yichuang.tenants",
    "yichuang.issuing",
    "yichuang.bundles",
    "yichuang.visits",
    "yichuang.feedback",
    "yichuang.insight",
    "yichuang.webkit",
    "yichuang.web.portal",
    "yichuang.web.counter",
    "yichuang.web.office",
    "yichuang.web.console",
    "yichuang.web.kiosk",
    "yichuang.web.wall",
    "yichuang.web.api",
    "yichuang.web.watch",
    "yichuang.gateways",
    "yichuang.settings",
]
AUTH_USER_MODEL = "people.Account"
DATABASES = {"default": database(env("DATABASE_URL", "postgresql:///yichuang"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # the furniture of a room: jobs.py

ROOT_URLCONF = "yichuang.settings.urls"
WSGI_APPLICATION = "yichuang.settings.wsgi.application"
APPEND_SLASH = False  # one address per page; a redirect would lose a POST
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yichuang.webkit.metrics.Measuring",
    "yichuang.webkit.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yichuang.webkit.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "yichuang.webkit.middleware.Doorkeeper",
    "django.middleware.csrf.CsrfViewMiddleware",
    "yichuang.webkit.hall_node.HallNode",
]
CSRF_FAILURE_VIEW = "yichuang.webkit.middleware.csrf_failure"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [*sorted(PACKAGE.glob("*/templates")), *sorted(PACKAGE.glob("web/*/templates"))],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "yichuang.webkit.jinja.environment"},
    }
]

# Static files: hashed names, compressed once, far-future caching; no web server in front is needed.
STATIC_URL = "/static/"
STATIC_ROOT = YICHUANG_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "yichuang.settings.static.HashedStaticFiles"},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = YICHUANG_HTTPS
TIME_ZONE = "UTC"  # stored and computed in UTC; pages show Asia/Shanghai (core.clock.SHANGHAI)
USE_TZ = True
USE_I18N = True

# Who somebody is
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]  # memory-hard, in the standard library
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_ENGINE = "yichuang.webkit.sessions"
SESSION_COOKIE_NAME = "__Host-session" if YICHUANG_HTTPS else "session"
SESSION_COOKIE_AGE = 8 * 3600  # seconds: one working day at a window
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = YICHUANG_HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if YICHUANG_HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True  # the page carries the token itself
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = YICHUANG_HTTPS
CSRF_TRUSTED_ORIGINS = env_list("YICHUANG_ORIGINS", YICHUANG_BASE_URL)

# Outside systems (docs/how-to/messages.md): without any, the demo keeps messages in its outbox, others park them
YICHUANG_SMS_PROVIDERS = gateways.sms_providers()
YICHUANG_SMTP = gateways.smtp()
YICHUANG_SENDERS = gateways.senders(YICHUANG_SMS_PROVIDERS, YICHUANG_SMTP)
YICHUANG_RECEIPTS = gateways.SMS_RECEIPTS if YICHUANG_SMS_PROVIDERS else ""
# and shared bases of other houses (docs/how-to/registries.md)
YICHUANG_SHARE_SOURCES = gateways.share_sources()
YICHUANG_DROP_FOLDER = env("YICHUANG_DROP_FOLDER")
YICHUANG_DROP_GIVERS = gateways.drop_givers()
# and the platform that compares faces (docs/how-to/registries.md)
YICHUANG_FACE = gateways.face_platform()
# and applications that want to be told (docs/how-to/tenants.md)
YICHUANG_WEBHOOKS = gateways.WEBHOOKS
YICHUANG_WEBHOOK_NETWORKS = gateways.webhook_networks(demo=YICHUANG_DEMO)
# and machines in halls (docs/how-to/devices.md)
YICHUANG_DEVICE_NETWORKS = gateways.device_networks(demo=YICHUANG_DEMO)
YICHUANG_DEVICE_DRIVERS = gateways.device_drivers()
YICHUANG_VOICE = YICHUANG_DATA / "voice"  # sound parts of calls, by `manage make_voice`

# What a browser is told
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = YICHUANG_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$"]  # asked on this machine, past the web server in front
SECURE_HSTS_SECONDS = 365 * 86400 if YICHUANG_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if YICHUANG_BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options is set by webkit.middleware.SecurityHeaders, with all other headers
    "security.W005",  # HSTS for sub-domains and
    "security.W021",  # the preload list bind the whole domain: its owner decides, not this program
]

# What may come in
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # bytes, files not counted
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes; larger files go to a temporary file at once
FILE_UPLOAD_PERMISSIONS = 0o600

# What is written down: no values, no query strings, no addresses of people (settings.logs says how)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": logs.chosen()}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},  # Django's own would mail and print twice
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # quotes addresses; yichuang.access and yichuang.web tell the same without
        "django.request": {"handlers": [], "propagate": False},
        "procrastinate": {"level": "WARNING"},  # its INFO lines print the arguments of jobs
        "fontTools": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
