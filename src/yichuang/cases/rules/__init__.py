"""What the law and the item's own rules say about a case: pure functions on values."""
