"""Sends demands one after the other and says each number it was given; made to be killed.

`python -m tests.faults.sender`, one JSON line per demand on standard input: user and token.
"""

import json
import sys
from uuid import UUID

import django


def main() -> None:
    django.setup()
    from register.models import User
    from tests.register.demands import complete, submit

    for line in sys.stdin:
        asked = json.loads(line)
        user = User.objects.get(pk=asked["user"])
        demand = submit(user, complete(user), UUID(asked["token"]))
        print(asked["token"], demand.number, flush=True)


if __name__ == "__main__":
    main()
