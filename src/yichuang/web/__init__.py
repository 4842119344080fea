"""Pages and endpoints; they translate, they never decide."""
