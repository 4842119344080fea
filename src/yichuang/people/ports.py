"""What people ask of rooms that they do not know; wired in settings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

_known: Callable[[str], bool] | None = None


def register_items(known: Callable[[str], bool]) -> None:
    """`known` says whether there is, or ever was, an item of this code."""
    global _known
    _known = known


def is_item(code: str) -> bool:
    """Whether there is, or ever was, an item of this code. RuntimeError where nobody was registered to say so."""
    if _known is None:
        raise RuntimeError("nobody says which items there are: settings.apps registers the catalogue")
    return _known(code)


# ── whether who sits before a camera is who they say (人脸核验): a platform of the state answers, no picture comes here ──


@dataclass(frozen=True, slots=True)
class FaceQuestion:
    """Whom the platform is to expect, under which nonce, and where it sends them afterwards."""

    nonce: str
    id_no: str = field(repr=False)
    name: str = field(repr=False)
    return_to: str


@dataclass(frozen=True, slots=True)
class FaceAnswer:
    """How alike, 0 to 1 (0 where no living person was seen), and the platform's own number of the comparison."""

    score: Decimal
    reference: str


class FaceFailed(Exception):
    """The platform gave no answer that could be used. The text is a short code: it names no person."""


class FacePlatform(Protocol):
    """Compares the face of who stands before it with the state's own picture. Both calls end within seconds."""

    def begin(self, question: FaceQuestion) -> str:
        """The address to which the person goes. Raises FaceFailed."""
        ...

    def answer(self, nonce: str) -> FaceAnswer | None:
        """What came of it; None while nothing has. Raises FaceFailed."""
        ...


_faces: FacePlatform | None = None


def register_face_platform(platform: FacePlatform | None) -> None:
    """Connect the platform, once, at start-up (settings wire it)."""
    global _faces
    _faces = platform


def face_platform() -> FacePlatform | None:
    """The connected platform; None where there is none: then nobody is asked for a face."""
    return _faces


@contextmanager
def looking_at_faces(platform: FacePlatform | None) -> Iterator[None]:
    """Inside, this one is connected: for tests and rehearsals."""
    before = _faces
    register_face_platform(platform)
    try:
        yield
    finally:
        register_face_platform(before)
