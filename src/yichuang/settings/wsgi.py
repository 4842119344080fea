"""The pages, for gunicorn or any WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.base")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from yichuang.settings.env import serve_doors

serve_doors(settings.DATABASES["default"])
application = get_wsgi_application()
