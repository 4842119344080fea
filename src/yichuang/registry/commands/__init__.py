"""Every way in which the shared bases and the certificate base change or are used."""

from yichuang.registry.commands.asking import ask, ask_local, ask_local_each
from yichuang.registry.commands.certificates import (
    counter_of_identifiers,
    record_certificate,
    set_status,
    use_certificate,
)
from yichuang.registry.commands.demo import load_demo_bases
from yichuang.registry.commands.fetching import Fetched, fetch_certificates
from yichuang.registry.commands.loading import LOAD, load_batch
from yichuang.registry.commands.retiring import RETIRE, retire_source
from yichuang.registry.commands.settling import settle_contradiction
from yichuang.registry.commands.staging import forget_staged, load_staged, stage_batch

__all__ = [
    "LOAD",
    "RETIRE",
    "Fetched",
    "ask",
    "ask_local",
    "ask_local_each",
    "counter_of_identifiers",
    "fetch_certificates",
    "forget_staged",
    "load_batch",
    "load_demo_bases",
    "load_staged",
    "record_certificate",
    "retire_source",
    "set_status",
    "settle_contradiction",
    "stage_batch",
    "use_certificate",
]
