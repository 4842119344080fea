"""Comparing two versions of an item: what was added, removed, changed, and what it means. Pure."""
