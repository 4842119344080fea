"""A day of a hall played against the running system (docs/adr/0044): everybody in it sends requests, as people do."""
