"""A hall's day played by the clock of a simulation: made-up days, and real ones under another plan."""
