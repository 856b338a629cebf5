"""Exceptional and personal accesses: shares, mandates, priority labels."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from register import codes

from .demand import Demand
from .document import Document
from .organisation import Organisation


class DemandUserPermission(UserObjectPermissionBase):
    """guardian's row of a share with a person; direct foreign key, six times cheaper to join."""

    content_object = models.ForeignKey(Demand, on_delete=models.CASCADE)

    wagtail_reference_index_ignore = True


class DemandGroupPermission(GroupObjectPermissionBase):
    """guardian's row of a share with an organisation (through its group)."""

    content_object = models.ForeignKey(Demand, on_delete=models.CASCADE)

    wagtail_reference_index_ignore = True


class Share(models.Model):
    """Why, by whom and until when one file is shared with one organisation, or one agent of it.

    guardian's row carries the right, this row its dates and reason; both are needed for access.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="received_shares"
    )
    # One agent of the organisation and nobody else of it; empty: all of its agents.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="received_shares",
    )
    reason = models.CharField(_("reason"), max_length=300)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("exceptional share")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="share_ends_after_it_starts",
                violation_error_message=_("A share cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand} → {self.recipient or self.organisation}"


class AccountCode(models.Model):
    """What lets an applicant registered at a counter reach her demand from an online account.

    The code itself is not kept (`register.account_codes`). Until `expires_on` or `used_at`: the
    `wrong_codes` typed with her number are counted and end nothing, since a stranger may type them.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="account_codes")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_on = models.DateField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("code of online access")
        constraints = [
            models.UniqueConstraint(
                fields=["demand"],
                condition=models.Q(used_at__isnull=True),
                name="one_account_code_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.expires_on}"


class MandateScope(models.TextChoices):
    """What a helper may do for the applicant; each scope holds the one before it (ADR 0026)."""

    READ = "read", _("Read the demand")
    ANSWER = "answer", _("Read it, send documents and answer requests to correct")
    MODIFY = "modify", _("Read it, send documents, answer, change what is declared and renew")
    # By a judgment alone: no mandate that an applicant gives goes so far (ADR 0029).
    REPRESENT = "represent", _("All that the applicant may do with it, resources and end included")

    @classmethod
    def holding(cls, scope: str) -> list[str]:
        """The scopes under which what this one allows may be done."""
        return cls.values[cls.values.index(scope) :]


class MandateKind(models.TextChoices):
    """From whom a helper holds the power to act: the applicant, or a judge."""

    GIVEN = "given", _("Mandate given by the applicant")
    TUTOR = "tutor", _("Guardian (full guardianship)")
    CURATOR = "curator", _("Curator (assists, signs with the applicant)")
    SPECIAL = "special", _("Special representative named by a judge")
    FAMILY = "family", _("Member of the family authorised by a judge")

    @property
    def scopes(self) -> tuple[MandateScope, ...]:
        """How far it may go. Who assists never acts alone (Code civil, art. 467)."""
        return _SCOPES[self]


_JUDGED = (MandateScope.ANSWER, MandateScope.MODIFY, MandateScope.REPRESENT)
_SCOPES: dict[str, tuple[MandateScope, ...]] = {
    MandateKind.GIVEN: (MandateScope.READ, MandateScope.ANSWER, MandateScope.MODIFY),
    MandateKind.TUTOR: (MandateScope.REPRESENT,),
    MandateKind.CURATOR: (MandateScope.MODIFY,),
    MandateKind.SPECIAL: _JUDGED,
    MandateKind.FAMILY: _JUDGED,
}


class Mandate(models.Model):
    """A helper, for what the scope says, until a date or until ended.

    Given by the applicant online or on a signed paper, or held from a judge (guardianship): the
    last she does not end. `helper` is the account that acts online; without one the helper comes to
    counters, or has not accepted yet. What a counter recorded names the helper and the paper.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="mandates")
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=MandateKind.choices,
        default=MandateKind.GIVEN,
        db_default=MandateKind.GIVEN,
    )
    # Reading is what a mandate gives when nothing else was chosen.
    scope = models.CharField(
        max_length=10,
        choices=MandateScope.choices,
        default=MandateScope.READ,
        db_default=MandateScope.READ,
    )
    name = models.CharField(_("person or body"), max_length=200, blank=True, db_default="")
    email = models.EmailField(_("e-mail address"), blank=True, db_default="")
    phone = models.CharField(_("telephone"), max_length=40, blank=True, db_default="")
    address = models.CharField(_("address"), max_length=200, blank=True, db_default="")
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True, db_default="")
    city = models.CharField(_("town"), max_length=100, blank=True, db_default="")
    # Of the signed paper or of the judgment.
    reference = models.CharField(_("reference"), max_length=200, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    expiry_told_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("mandate")
        indexes = [
            models.Index(
                fields=["email"],
                condition=models.Q(helper__isnull=True),
                name="mandate_to_accept",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(helper__isnull=False)
                | (~models.Q(name="") & models.Q(recorded_by__isnull=False)),
                name="helper_is_an_account_or_named",
                violation_error_message=_("Say who helps."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="given")
                | (~models.Q(reference="") & models.Q(recorded_by__isnull=False)),
                name="guardian_has_a_judgment",
                violation_error_message=_("Give the reference of the judgment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand} → {self.who}"

    @property
    def who(self) -> str:
        """The helper as the paper names her, else as her account does."""
        return self.name or str(self.helper or "")

    @property
    def reached_at(self) -> str:
        """The address of the account, or the one that waits for it."""
        return self.helper.email if self.helper else self.email

    @property
    def place(self) -> str:
        """Where letters for the helper go, in one line; empty when nobody said."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(filter(None, (self.address, town)))

    @property
    def is_of_a_judge(self) -> bool:
        """True for a guardianship: the applicant did not give it and does not end it."""
        return self.kind != MandateKind.GIVEN

    def holds_on(self, day: date) -> bool:
        """True from its first day to its last, unless it was ended."""
        return self.revoked_at is None and self.starts_on <= day <= self.ends_on


class Label(models.Model):
    """What a body answered about a priority: recognised or not, on which ground and paper.

    Detection by the rules is kept apart, in the facts of the demand (R441-2-15).
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="labels")
    code = models.CharField(max_length=20, choices=codes.PriorityLabel.choices)
    decision = models.CharField(
        _("decision"),
        max_length=10,
        choices=codes.LabelDecision.choices,
        default=codes.LabelDecision.RECOGNISED,
    )
    granted_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="granted_labels"
    )
    body = models.CharField(
        _("in the name of"), max_length=20, choices=codes.RecognisingBody.choices, blank=True
    )
    ground = models.CharField(_("ground"), max_length=200, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="labels"
    )
    # The version of the priority module whose rule was applied.
    rule_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("priority label")
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "code", "decision", "valid_from"], name="one_label_per_date"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="label_ends_after_it_starts",
                violation_error_message=_("A recognition cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()

    def holds_on(self, day: date) -> bool:
        """True if the decision stands on that day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)
