"""Delivers the outbox, saying when it is in the middle of a rule; made to be killed there.

`python -m tests.faults.ruler N` waits in the middle of its Nth rule, its acts half done.
"""

import sys
import time

import django


def main() -> None:
    django.setup()
    from exchange.delivery import deliver_pending
    from register.services import automatic_acts

    add_tag, left = automatic_acts._add_tag, int(sys.argv[1])

    def half_way(*arguments: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            print("half way", flush=True)
            time.sleep(60)
        add_tag(*arguments)  # type: ignore[arg-type]

    automatic_acts._DOERS["label"] = half_way  # type: ignore[index]
    deliver_pending()


if __name__ == "__main__":
    main()
