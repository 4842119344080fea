"""gunicorn's configuration: `gunicorn -c python:yichuang.settings.processes.web`. Pages are WSGI with threads."""

import gc
import os
from typing import Any

from yichuang.settings.logs import chosen

wsgi_app = "yichuang.settings.wsgi:application"
bind = os.environ.get("YICHUANG_BIND", "127.0.0.1:8000")
worker_class = "yichuang.settings.processes.threads.StayingWorker"  # gthread
workers = int(os.environ.get("YICHUANG_WORKERS", "2"))
threads = 4
timeout = 60  # seconds without a sign of life
graceful_timeout = 10
preload_app = True  # one import for all workers: a quicker start, shared memory
keepalive = 5
max_requests = 20_000  # a leak in a library never becomes a full machine
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
GARBAGE = 10_000  # new objects before a worker looks for garbage; Python's own 700 are less than a page makes
control_socket_disable = True  # it would lie in the home folder
accesslog = None  # webkit.metrics writes a line about each request, without its address
logger_class = "yichuang.settings.processes.threads.Quiet"
# gunicorn prints whole exceptions; ours quote nobody's data (settings.logs)
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": chosen()}},
    "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["error"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["error"], "level": "INFO", "propagate": False},
    },
}


def when_ready(server: object) -> None:
    """Before the workers part: load what each would load at its first request, so that they share it.

    What stands now stays: no collection of garbage looks at it again, and so none makes a worker's own copy of it.
    """
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    from yichuang.catalog.queries import load_search

    load_search()  # first: what reading the dictionaries leaves free, the doors fill
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            assert get_resolver().namespace_dict  # imports every door
    gc.collect()
    gc.freeze()


def post_fork(server: object, worker: Any) -> None:
    """A connection opened before the fork would be shared by two processes; so would a slot of the meter."""
    from django.db import connections

    from yichuang.webkit.metrics import METER

    gc.set_threshold(GARBAGE)
    connections.close_all()
    METER.take(worker.age)  # counts the workers started so far
