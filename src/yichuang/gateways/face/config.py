"""The platform that compares faces, where the settings name one, and what is wrong with it."""

from dataclasses import dataclass, field

from django.conf import settings

from yichuang.gateways.config import check_secret, check_url


@dataclass(frozen=True, slots=True)
class Platform:
    """Its address, our key there, the secret we share."""

    url: str
    key: str
    secret: str = field(repr=False)


def platform() -> Platform | None:
    """`YICHUANG_FACE = {"url", "key", "secret"}`; None where no platform is named."""
    told = settings.YICHUANG_FACE
    return Platform(told["url"].rstrip("/"), told["key"], told["secret"]) if told else None


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is asked."""
    known = platform()
    if known is None:
        return []
    faults = check_url("YICHUANG_FACE_URL", known.url, demo=settings.YICHUANG_DEMO)
    faults += check_secret("YICHUANG_FACE_SECRET", known.secret)
    return faults + ([] if known.key else ["YICHUANG_FACE_KEY: is empty"])
