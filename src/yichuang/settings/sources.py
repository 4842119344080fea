"""Connects the outside sources of the shared bases, and the platform that compares faces, where the settings name them."""

from django.conf import settings

from yichuang.people.ports import register_face_platform
from yichuang.registry.ports import register_source


def connect() -> None:
    """Called once at start-up; without any named, nothing of the gateways is loaded."""
    if settings.YICHUANG_SHARE_SOURCES:
        _connect_sources()
    if settings.YICHUANG_FACE:
        _connect_faces()


def _connect_sources() -> None:
    from yichuang.gateways.share.client import sources
    from yichuang.gateways.share.config import check_config

    if not check_config():  # else the start is stopped by the system checks, with every fault in words
        for source in sources():
            register_source(source)


def _connect_faces() -> None:
    from yichuang.gateways.face.client import FaceClient
    from yichuang.gateways.face.config import check_config, platform

    if (known := platform()) is not None and not check_config():
        register_face_platform(FaceClient(known))
