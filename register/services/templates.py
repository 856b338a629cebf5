"""Texts that an organisation keeps to start messages from: its team leads write them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.errors import NotAllowed
from register.models import MessageTemplate, Organisation, Role, User
from register.principals import Principal
from register.selectors.templates import as_letter
from register.text import without_unstorable

WRITING_ROLES = frozenset({Role.LEAD, Role.MANAGER})
MOST_KEPT = 50


@transaction.atomic
def keep_template(
    *, principal: Principal, title: str, body: str, template: MessageTemplate | None = None
) -> MessageTemplate:
    """Write a text of one's own organisation, or write it again.

    Raises NotAllowed to others than its team leads, ValidationError by the field: an unknown
    placeholder, or one that no message may hold, is refused as letters modules refuse it.
    """
    own, author = _own(principal, template)
    kept = template or MessageTemplate(organisation=own)
    if template is None and own.message_templates.count() >= MOST_KEPT:
        raise ValidationError(_("Your organisation keeps 50 texts: delete one first."))
    kept.title, kept.body = without_unstorable(title).strip(), without_unstorable(body).strip()
    kept.written_by, kept.written_at = author, clock.now()
    kept.full_clean()
    as_letter(kept.body)
    kept.save()
    return kept


@transaction.atomic
def drop_template(*, principal: Principal, template: MessageTemplate) -> None:
    """Delete a text; messages that began with it stay as they were sent."""
    _own(principal, template)
    template.delete()


def may_write_templates(principal: Principal) -> bool:
    """True for the team leads of an organisation, who look as themselves."""
    return (
        principal.organisation is not None
        and principal.role in WRITING_ROLES
        and principal.observer is None
    )


def _own(principal: Principal, template: MessageTemplate | None) -> tuple[Organisation, User]:
    body, author = principal.organisation, principal.user
    if body is None or author is None or not may_write_templates(principal):
        raise NotAllowed(_("Only team leads write the texts of their organisation."))
    if template is not None and template.organisation_id != body.pk:
        raise NotAllowed(_("Only team leads write the texts of their organisation."))
    return body, author
