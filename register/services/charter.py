"""Signing, publishing and giving up versions of the rules, by those who may (`charter.py`).

Each move is a row of the rules' journal: who, for which organisation, when, on which content.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register.charter import CharterAction, may
from register.errors import Conflict, NotAllowed
from register.principals import Principal
from register.services.built_audiences import follow_all
from rules import drafts
from rules.errors import MoveRefused, RuleError
from rules.life import Actor
from rules.models import ModuleKind, RuleModuleVersion


@transaction.atomic
def sign(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str
) -> RuleModuleVersion:
    """Sign, for one's organisation, the content that was read."""
    with _moving(principal, CharterAction.SIGN, version, fingerprint):
        return drafts.sign(version, actor(principal))


@transaction.atomic
def refuse(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str, reason: str
) -> RuleModuleVersion:
    """Refuse to sign: the version goes back to its authors and the signatures are void."""
    with _moving(principal, CharterAction.REFUSE, version, fingerprint):
        return drafts.refuse(version, actor(principal), reason)


@transaction.atomic
def schedule(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str, day: date
) -> RuleModuleVersion:
    """Set the day from which a signed version is in force."""
    with _moving(principal, CharterAction.SCHEDULE, version, fingerprint):
        return drafts.schedule(version, day, actor(principal))


@transaction.atomic
def publish(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str
) -> RuleModuleVersion:
    """Put a signed version in force now."""
    with _moving(principal, CharterAction.PUBLISH, version, fingerprint):
        return drafts.put_in_force(version, actor(principal))


@transaction.atomic
def withdraw(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str, reason: str
) -> RuleModuleVersion:
    """Give up a version that is not in force; it stays readable."""
    with _moving(principal, CharterAction.WITHDRAW, version, fingerprint):
        return drafts.withdraw(version, actor(principal), reason)


@transaction.atomic
def adopt(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str
) -> RuleModuleVersion:
    """Put the delivered version in force in place of the one written here."""
    with _moving(principal, CharterAction.ADOPT, version, fingerprint):
        return drafts.adopt(version, actor(principal))


@transaction.atomic
def set_aside(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str, reason: str
) -> RuleModuleVersion:
    """Keep the version written here, and set the delivered one aside."""
    with _moving(principal, CharterAction.SET_ASIDE, version, fingerprint):
        return drafts.withdraw(version, actor(principal), reason)


@transaction.atomic
def roll_back(
    *, principal: Principal, version: RuleModuleVersion, fingerprint: str, reason: str
) -> RuleModuleVersion:
    """Put an old version back in force, as a new one; the new version."""
    with _moving(principal, CharterAction.ROLL_BACK, version, fingerprint):
        return drafts.roll_back(version.module.code, version.number, actor(principal), reason)


def actor(principal: Principal) -> Actor:
    """Whoever acts, as the journal of the rules keeps it: no name of a person is copied there."""
    organisation = principal.organisation
    return Actor(
        name=organisation.name if organisation else "",
        person=principal.user.pk if principal.user else None,
        organisation=organisation.code if organisation else "",
        party=organisation.kind if organisation else "",
    )


@contextmanager
def _moving(
    principal: Principal, action: CharterAction, version: RuleModuleVersion, fingerprint: str
) -> Iterator[None]:
    """The right first; then what the rules refuse, in the register's own errors."""
    if not may(principal, action, version):
        raise NotAllowed(_("You cannot do this with this version of the rules."))
    if version.content_hash != fingerprint:
        raise Conflict(_("This version changed since you read it: read it again."))
    try:
        yield
    except MoveRefused as refusal:
        raise Conflict(str(refusal)) from refusal
    except RuleError as refusal:
        raise ValidationError({refusal.path or "": str(refusal.message)}) from refusal
    if version.module.kind == ModuleKind.RIGHTS:
        follow_all()
