"""Lets halls tell waits from their own history (docs/adr/0042): `insight` learns, `visits` tells."""

from yichuang.visits.ports import Naive, register_forecaster


def connect() -> None:
    """Called once at start-up."""
    from yichuang.insight.forecaster import Learned

    register_forecaster(Learned(Naive()))
