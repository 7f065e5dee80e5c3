"""Django's PostgreSQL back end with one change (`base.py`); named in the database settings."""
