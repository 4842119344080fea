"""Settings of the tests: fixed keys, fast hashing, an own database."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("YICHUANG_LOGS", "plain")
os.environ.setdefault("YICHUANG_HTTPS", "False")  # the test client and the live server speak plain HTTP

from yichuang.settings.base import *  # noqa: F403  (Django's way of deriving settings)
from yichuang.settings.base import DATABASES, STORAGES
from yichuang.settings.env import env, serve_doors

SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
YICHUANG_DEMO = True
YICHUANG_WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
YICHUANG_DEVICE_NETWORKS = ["127.0.0.0/8"]
YICHUANG_DATA = Path(tempfile.mkdtemp(prefix="yichuang-test-"))
YICHUANG_FIELD_KEYS = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
YICHUANG_INDEX_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = YICHUANG_DATA / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir()  # whitenoise warns about a missing folder, and warnings are errors
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["TEST"] = {"NAME": env("YICHUANG_TEST_DB", "test_yichuang")}
serve_doors(DATABASES["default"])  # most tests walk through doors: their plans are to be those of the doors
