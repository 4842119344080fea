"""The clerk's door: intake, checklist, notices, hand-over, by keyboard alone."""
