"""The pages, for gunicorn or any WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.base")

from django.conf import settings
from django.core import signals
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries

from yichuang.settings.env import serve_doors

serve_doors(settings.DATABASES["default"])
application = get_wsgi_application()

# Of what Django does around each request there remains one look at the connection, before it. Afterwards the next request
# of the thread does the same anyway; no cache is open, no statements are kept, and each request sets its addresses.
signals.request_started.disconnect(reset_queries)
for tidying in (close_old_connections, close_caches, reset_urlconf):
    signals.request_finished.disconnect(tidying)
