"""The door that hangs on walls: boards of a hall, read from six metres, live, without a person's name."""
