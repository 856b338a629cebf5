"""Who of one demand is who of another one, when both are one household's."""

from collections.abc import Mapping, Sequence

from register.codes import PersonRole
from register.held import same_of
from register.models import FlatSharer, Person
from register.text import search_key

Someone = Person | FlatSharer
# What an identity document proves, or bears: a counter alone changes it (arrêté of 23 March 2015).
CIVIL_STATUS = ("title", "birth_name", "used_name", "first_names", "birth_date")


def paired(of: Sequence[Someone], among: Sequence[Someone]) -> Mapping[Someone, Someone]:
    """Each person of one demand with the same person of the other; who has none is not in it.

    The same name and birth date first, then one of both, so that twins are not taken for each
    other; whoever asks in one is whoever asks in the other, if nobody is nearer.
    """
    found: dict[Someone, Someone] = {}
    for is_same in (_is_exactly, _is_nearly, _both_ask):
        for person in of:
            left = [each for each in among if each not in found.values()]
            other = next((each for each in left if is_same(person, each)), None)
            if person not in found and other is not None:
                found[person] = other
    return found


def differs(one: Person | None, other: Person | None) -> bool:
    """True when both cannot bear one civil status: what one of them left empty says nothing."""
    if one is None or other is None:
        return True
    told = ((getattr(one, name), getattr(other, name)) for name in CIVIL_STATUS)
    return any(a and b and search_key(str(a)) != search_key(str(b)) for a, b in told)


def _is_exactly(one: Someone, other: Someone) -> bool:
    return type(one) is type(other) and _exact(one) == _exact(other)


def _exact(person: Someone) -> tuple[object, ...]:
    return person.birth_date, search_key(f"{person.birth_name} {person.first_names}")


def _is_nearly(one: Someone, other: Someone) -> bool:
    if isinstance(one, FlatSharer) or isinstance(other, FlatSharer):
        return False
    return same_of(one, [other]) is not None


def _both_ask(one: Someone, other: Someone) -> bool:
    roles = [getattr(each, "role", "") for each in (one, other)]
    return roles == [PersonRole.APPLICANT, PersonRole.APPLICANT]
