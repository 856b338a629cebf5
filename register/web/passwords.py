"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id by the figures that OWASP gives for a service: 19 MB, two passes, one lane.

    Django's own take 100 MB and eight lanes a sign-in: a crowd would fill the memory.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
