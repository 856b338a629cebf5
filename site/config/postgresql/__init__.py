"""Django's engine for PostgreSQL, which knows without asking whether the server hung up."""
