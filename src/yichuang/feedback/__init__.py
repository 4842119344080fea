"""What people say: ratings, returns, complaints, 协调帮办, suggestions."""
