"""What `./run` does beyond calling other programs: the lock, the finder."""
