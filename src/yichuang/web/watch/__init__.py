"""The door for machines that watch over the installation: alive, ready, and its numbers for Prometheus."""
