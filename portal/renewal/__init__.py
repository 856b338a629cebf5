"""Renewing in one step, with the code of the announcement and without signing in."""
