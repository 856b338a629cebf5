"""Who carries out which effect. A handler may run twice: what it does must not show twice."""

from collections.abc import Callable

from register.models import EffectKind, Outbox

from .automation import start_rules
from .letter import print_letter
from .message import send_message_notice
from .registration import send_registration
from .sms import send_text_message
from .webhook import tell_software

Handler = Callable[[Outbox], None]

HANDLERS: dict[str, Handler] = {
    EffectKind.REGISTRATION_EMAIL: send_registration,
    EffectKind.MESSAGE_EMAIL: send_message_notice,
    EffectKind.LETTER: print_letter,
    EffectKind.AUTOMATION: start_rules,
    EffectKind.WEBHOOK: tell_software,
    EffectKind.SMS: send_text_message,
}
