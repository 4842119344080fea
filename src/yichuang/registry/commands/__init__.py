"""Every way in which the shared bases and the certificate base change or are used."""

from yichuang.registry.commands.asking import ask, ask_local, foresee
from yichuang.registry.commands.certificates import record_certificate, set_status, use_certificate
from yichuang.registry.commands.demo import load_demo_bases
from yichuang.registry.commands.loading import load_batch
from yichuang.registry.commands.settling import settle_contradiction

__all__ = [
    "ask",
    "ask_local",
    "foresee",
    "load_batch",
    "load_demo_bases",
    "record_certificate",
    "set_status",
    "settle_contradiction",
    "use_certificate",
]
