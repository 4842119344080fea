"""What is learned, how it is scored: pure."""
