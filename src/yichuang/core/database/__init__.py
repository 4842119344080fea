"""The database engine of all processes: Django's for PostgreSQL, with statements that are planned once per connection."""
