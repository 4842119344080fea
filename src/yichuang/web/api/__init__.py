"""The machines' door: the documented REST API."""
