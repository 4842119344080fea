"""Settings of every process. Values come from the environment; the supervisor sets them for the demo."""

from pathlib import Path

from yichuang.settings.env import database, env, env_bool

DEBUG = env_bool("YICHUANG_DEBUG", False)
SECRET_KEY = env("YICHUANG_SECRET_KEY")
ALLOWED_HOSTS = env("YICHUANG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
YICHUANG_DEMO = env_bool("YICHUANG_DEMO", False)  # synthetic people, development outbox, accounts shown at sign-in
YICHUANG_DATA = Path(env("YICHUANG_DATA", "data"))  # uploads, keys, checkpoints kept outside the database
YICHUANG_CRYPTO_SUITE = env("YICHUANG_CRYPTO_SUITE", "intl")  # intl | guomi
YICHUANG_FIELD_KEYS = env("YICHUANG_FIELD_KEYS")  # "k1:<base64 of 32 bytes>[,k0:…]", the first one seals
YICHUANG_INDEX_KEY = env("YICHUANG_INDEX_KEY")  # base64 of 32 bytes, for blind indexes
YICHUANG_BASE_URL = env("YICHUANG_BASE_URL", "http://127.0.0.1:8000")  # what QR codes point at

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
    "yichuang.cases",
    "yichuang.issuing",
    "yichuang.webkit",
    "yichuang.web.portal",
    "yichuang.web.counter",
    "yichuang.web.office",
    "yichuang.web.api",
]
AUTH_USER_MODEL = "people.Account"
DATABASES = {"default": database(env("DATABASE_URL", "postgresql:///yichuang"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "UTC"  # stored and computed in UTC; pages show Asia/Shanghai (core.clock.SHANGHAI)
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
