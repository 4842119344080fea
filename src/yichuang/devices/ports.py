"""What a driver of a machine must be able to do, and which driver the settings name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from yichuang.devices.rules import host_and_port as host_and_port
from yichuang.devices.rules import may_speak_to
from yichuang.devices.values import DeviceKind, Identity, Slip


class MachineFailed(Exception):
    """The machine did not do it, and nothing happened. `fault`: a code of `values.FAULT_WORDS`."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class OutcomeUnknown(MachineFailed):
    """No answer came: it may have happened, wholly or in part."""


class Machine(Protocol):
    """Every machine that we speak to. All of it ends within a few seconds."""

    def parts(self) -> Mapping[str, str]:
        """Its parts, each with the code of its fault or "". Raises MachineFailed when it does not say."""
        ...


class TicketPrinter(Machine, Protocol):
    """Prints slips (小票)."""

    def print(self, slip: Slip) -> None:
        """Print and cut; returns when it came out. Raises MachineFailed (surely nothing came out), OutcomeUnknown."""
        ...


class CardReader(Machine, Protocol):
    """Reads ID cards."""

    def read(self) -> Identity:
        """The card that lies on it now. Raises MachineFailed NO_CARD, UNREADABLE …"""
        ...


class Display(Machine, Protocol):
    """Shows a few lines above a window."""

    def show(self, lines: Sequence[str]) -> None:
        """Show these lines until others come. Raises MachineFailed, OutcomeUnknown."""
        ...


def may_reach(address: str) -> bool:
    """Whether a driver may open a connection there: an address of the operator's networks, or the demo's simulator."""
    return may_speak_to(address, networks=settings.YICHUANG_DEVICE_NETWORKS, demo=settings.YICHUANG_DEMO)


Driver = Callable[..., Any]  # (address, key, secret) -> a Machine of the kind


def driver_for(kind: DeviceKind) -> Driver:
    """`YICHUANG_DEVICE_DRIVERS = {"printer": "dotted.function"}`; without one every machine of the kind is NOT_CONFIGURED."""
    named: Mapping[str, str] = getattr(settings, "YICHUANG_DEVICE_DRIVERS", {})
    if kind.value not in named:
        raise MachineFailed("NOT_CONFIGURED")
    found: Driver = import_string(named[kind.value])
    return found
