"""The department's door: work lists, review, decisions."""
