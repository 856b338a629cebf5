"""The engine that `config.settings.engines` names: Django's own, but for the check of each request.

A connection serves many requests, and the server may have restarted between two of them. Django
asks it a question before the first query of each, which costs as much as a query of a page.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for `is_usable`."""

    def is_usable(self) -> bool:
        """False once the server closed the connection, or said that it will.

        Nobody waits for an answer between two requests: whatever is there to be read is the end.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
