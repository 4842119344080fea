"""The citizen's door: search, guides, filing, my cases, verification."""
