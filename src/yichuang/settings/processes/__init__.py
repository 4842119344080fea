"""The processes of an installation: the database that comes along, the pages, the worker, the live news, and who watches."""
