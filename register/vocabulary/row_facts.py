"""Facts of the demand itself: its state, its dates, how it came in, what happened since."""

from django.utils.translation import gettext_lazy as _

from register import bits, codes
from register.models import DemandState
from rules.types import FactType
from rules.vocabulary import Fact

from .columns import HIGH, code_set, column, months_since

# What the demand itself is.
STATE_FACTS: tuple[Fact, ...] = (
    Fact(
        code="demand.state",
        type=FactType.CODE,
        label=_("the state of the demand"),
        source="CCH R441-2-8",
        choices=dict(DemandState.choices),
        column="facts__state",
        # Acts decide on the demand they hold, before its facts are computed again.
        getter=lambda d: d.state,
    ),
    Fact(
        code="demand.association",
        type=FactType.BOOLEAN,
        label=_("an association makes the demand"),
        source="CCH L442-8-1 ; R441-2-2",
        column="is_association",
        getter=lambda d: d.is_association,
    ),
    Fact(
        code="demand.sealed",
        type=FactType.BOOLEAN,
        label=_("the file is sealed"),
        source="Charte",
        sensitivity=HIGH,
        # On the demand itself, not on its copy: a copy out of date could only open what is sealed.
        column="is_sealed",
        getter=lambda d: d.is_sealed,
    ),
    Fact(
        code="demand.number",
        type=FactType.CODE,
        label=_("the registration number"),
        source="CCH R441-2-3",
        column="number",
        # Grids end their ties with it; a rule that named one would let a simulation read a file.
        is_identifying=True,
        getter=lambda d: d.number,
    ),
    Fact(
        code="demand.received_on",
        type=FactType.DATE,
        label=_("the date of reception of the demand"),
        source="CCH R441-2-3",
        column="facts__received_on",
        getter=lambda d: d.received_on,
    ),
    months_since(
        "seniority",
        _("the time since the demand was received"),
        "CCH R441-2-3",
        "received_on",
    ),
    column(
        "channel",
        FactType.CODE,
        _("the way the demand came in"),
        "CCH R441-2-1",
        "channel",
        choices=codes.Channel,
    ),
    column(
        "last_renewed_on",
        FactType.DATE,
        _("the date of the last renewal"),
        "CCH R441-2-7",
        "last_renewed_on",
    ),
    column(
        "expires_on",
        FactType.DATE,
        _("the date until which the demand is valid"),
        "CCH R441-2-7",
        "expires_on",
    ),
    column(
        "struck_off_on",
        FactType.DATE,
        _("the date of striking off"),
        "CCH R441-2-8",
        "struck_off_on",
    ),
    column(
        "strike_off_reason",
        FactType.CODE,
        _("the reason for striking off"),
        "CCH R441-2-8",
        "strike_off_reason",
        choices=codes.StrikeOffReason,
    ),
    column(
        "identity_verified",
        FactType.BOOLEAN,
        _("the identity document is checked"),
        "CCH R441-2-3",
        "identity_verified",
    ),
    column(
        "refusals",
        FactType.INTEGER,
        _("the number of offers that the applicant declined"),
        "CCH R441-10",
        "refusals",
    ),
    # No text lists the reasons that are legitimate: the partners name in their grid those that
    # weigh, from what was recorded when the offer was declined.
    code_set(
        "decline_reasons",
        _("the reasons for which the applicant declined offers"),
        "CCH R441-10",
        codes.DeclineReason,
        bits.DECLINES,
    ),
    column(
        "accepts_email",
        FactType.BOOLEAN,
        _("the applicant can be reached by e-mail"),
        "CCH R441-2-7",
        "accepts_email",
    ),
)
