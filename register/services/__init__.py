"""Every write to the shared file: keyword-only functions that take a principal."""
