"""What a version of a module would change on the whole stock, before it is published.

Counts only, and nothing is written: see `frame.reading_only`.
"""
