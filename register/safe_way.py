"""How somebody in danger may be reached: by the one way that she called safe.

A sealed file (violence; charter, chapter 15) keeps to it whatever the register has to tell. What
the law orders to tell and this way cannot carry is never dropped: the body in charge tells it.
"""

from django.utils.translation import gettext as _

from register.models import Contact, Demand, SafeWay


def may_reach(demand: Demand, contact: Contact, way: str) -> bool:
    """True when the register may use this way: any, but of a sealed file the safe one alone.

    Until she has chosen, that is the e-mail which she gave: a letter, a text message or a call
    reaches whoever lives with her.
    """
    return not demand.is_sealed or way == (contact.safe_way or SafeWay.EMAIL)


def way_in_words(way: str) -> str:
    """The safe way as it is read, or what holds until she has chosen one."""
    if not way:
        return _(
            "None chosen yet: by e-mail only, if she gave one. Never call, never write by post."
        )
    return str(SafeWay(way).label)
