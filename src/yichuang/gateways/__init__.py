"""One folder per outside system or device kind, each with its client, a verified simulator and `check_config()`."""
