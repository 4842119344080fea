"""The bench: what a request costs, as a ratio to the same rows written or read by pgbench in the same minute."""
