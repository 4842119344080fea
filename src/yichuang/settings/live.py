"""Settings of the process of live events: who is signed in is all it asks, so it loads no more than people and places."""

from yichuang.settings.base import *  # noqa: F403  (as Django settings derive)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "yichuang.core",
    "yichuang.people.apps.PeopleWhoLookConfig",
    "yichuang.network",
    "yichuang.notices",
]
