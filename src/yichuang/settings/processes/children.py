"""Starting other programs so that they never outlive this one, and never run as root when they must not."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

SYSTEM_USER = "yichuang"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class NoSystemUser(RuntimeError):
    """Root started something that refuses root, and there is no user to hand it to."""


def unprivileged() -> pwd.struct_passwd | None:
    """The system user when this process is root, else None (then it stays who it is).

    Raises NoSystemUser with the command that makes the user.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise NoSystemUser(
            f"PostgreSQL does not run as root. Make a user for it: "
            f"useradd --system --home-dir /var/lib/{SYSTEM_USER} --shell /usr/sbin/nologin {SYSTEM_USER}"
        ) from None


def give(path: Path) -> Path:
    """Hand a path that this process just made to the system user (nothing happens unless this process is root)."""
    if user := unprivileged():
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def identity() -> dict[str, Any]:
    """Arguments for `subprocess` that drop root."""
    if user := unprivileged():
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {}


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: IO[bytes],
    parting: signal.Signals = signal.SIGTERM,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """A child in its own session (Ctrl-C reaches only the supervisor, which stops things in order).

    Should this process be killed outright, the kernel sends the child the signal `parting`: no orphans.
    Further `options` go to `subprocess.Popen` (`**identity()` drops root).
    """
    return subprocess.Popen(
        command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent(parting),
        **options,
    )


def _die_with_parent(parting: signal.Signals) -> Callable[[], None] | None:
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux; elsewhere a killed supervisor leaves its children
    return (lambda: prctl(_PR_SET_PDEATHSIG, parting)) if prctl else None


def stop(child: subprocess.Popen[bytes], sign: signal.Signals, *, patience: float) -> None:
    """Ask with the signal, wait `patience` seconds, then insist. What the child itself started goes with it."""
    if child.poll() is None:
        child.send_signal(sign)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            _kill_session(child)
            child.wait()


def _kill_session(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)  # the child leads its own session
    except ProcessLookupError:
        child.kill()
