"""DMN (OMG Decision Model and Notation 1.1 to 1.5): models read, checked, compiled, and decided with a closed edge."""
