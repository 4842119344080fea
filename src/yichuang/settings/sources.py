"""Connects the outside sources of the shared bases that the settings name."""

from django.conf import settings

from yichuang.registry.ports import register_source


def connect() -> None:
    """Called once at start-up; without any source named, nothing of the gateways is loaded."""
    if not settings.YICHUANG_SHARE_SOURCES:
        return
    from yichuang.gateways.share.client import sources
    from yichuang.gateways.share.config import check_config

    if not check_config():  # else the start is stopped by the system checks, with every fault in words
        for source in sources():
            register_source(source)
