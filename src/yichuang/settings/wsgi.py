"""The pages, for gunicorn or any WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.base")

import django
from django.conf import settings

from yichuang.settings.env import serve_doors
from yichuang.settings.serving import Pages, tidy_once

serve_doors(settings.DATABASES["default"])
django.setup(set_prefix=False)
tidy_once()
application = Pages()
