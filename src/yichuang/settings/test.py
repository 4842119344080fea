"""Settings of the tests: fixed keys, fast hashing, an own database."""

import tempfile

from yichuang.settings.base import *  # noqa: F403  (Django's way of deriving settings)
from yichuang.settings.base import DATABASES
from yichuang.settings.env import env

SECRET_KEY = "tests-only"
YICHUANG_DEMO = True
YICHUANG_DATA = __import__("pathlib").Path(tempfile.mkdtemp(prefix="yichuang-test-"))
YICHUANG_FIELD_KEYS = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
YICHUANG_INDEX_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["TEST"] = {"NAME": env("YICHUANG_TEST_DB", "test_yichuang")}
