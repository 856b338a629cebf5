"""What applicants wrote is taken up by whoever speaks with them."""

from register.models import Event, Message
from register.principals import Principal
from register.selectors.to_take_up import TAKING_UP, words_on


def take_up(*, principal: Principal, event: Event) -> None:
    """Words that this step answers wait no more: those for the agent's organisation, or for none.

    The manager of the shared file answers for everybody. An automatic rule speaks in the name of an
    organisation, and reads nothing: it takes up nothing. Call in the transaction of the step.
    """
    body = principal.organisation
    if event.kind not in TAKING_UP or body is None or principal.user is None:
        return
    words = words_on(event.demand)
    keys = [w.key for w in words if principal.is_manager or w.body in (None, body.pk)]
    if keys:
        Message.objects.filter(pk__in=keys).update(taken_up_at=event.at)
