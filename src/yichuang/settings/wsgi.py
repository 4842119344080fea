"""The pages, for gunicorn or any WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.base")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
