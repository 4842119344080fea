"""Where: halls, departments, posts, windows and their opening calendars (1+4+10+83)."""
