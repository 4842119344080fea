"""JSON pointers (RFC 6901): how a place in a pack or a form is named."""


def step(key: object) -> str:
    """One step of a pointer, escaped."""
    return str(key).replace("~", "~0").replace("/", "~1")
