"""Pure rules of the shared bases and of the certificate base."""

from yichuang.registry.rules.certificates import TRANSITIONS, can_follow, plain_data, serial_of, validity
from yichuang.registry.rules.comparing import compare
from yichuang.registry.rules.keys import key_parts, place_key
from yichuang.registry.rules.sources import contradictions, merged, sure
from yichuang.registry.rules.trust import mark_of, trust_of, use_of

__all__ = [
    "TRANSITIONS",
    "can_follow",
    "compare",
    "contradictions",
    "key_parts",
    "mark_of",
    "merged",
    "place_key",
    "plain_data",
    "serial_of",
    "sure",
    "trust_of",
    "use_of",
    "validity",
]
