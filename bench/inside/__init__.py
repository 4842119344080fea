"""Scripts that run inside the installation's environment."""
