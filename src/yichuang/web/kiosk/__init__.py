"""The door that stands in the hall: one question per screen for whoever comes, and nothing of them left when they go."""
