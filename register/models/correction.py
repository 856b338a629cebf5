"""Something of the file to be put right: asked of the applicant, or by her (GDPR art. 16)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .demand import Demand
from .document import Document
from .household import Person
from .organisation import Organisation


class CorrectedPart(models.TextChoices):
    """The part of the declaration that is meant, named as the groups of data that rights open."""

    IDENTITY = "identity", _("Identity and civil status")
    CONTACT = "contact", _("Address, telephone, e-mail")
    HOUSEHOLD = "household", _("People and present home")
    RESOURCES = "resources", _("Resources")
    WISHES = "wishes", _("The home asked for")
    HEALTH = "health", _("Disability")
    DOCUMENTS = "documents", _("Documents")


class CorrectionOutcome(models.TextChoices):
    """How a request to correct ended."""

    CORRECTED = "corrected", pgettext_lazy("correction", "Corrected")
    KEPT = "kept", pgettext_lazy("correction", "Kept as it is")


class Correction(models.Model):
    """A request to correct one answer or one document: open, answered, then closed.

    It names a `question` of the form (and the `person` it is about), or a `document`; `part` is the
    group of data that this tells of. `organisation` asked the applicant; empty when the applicant
    asks the body that registered her demand. Closing says how it ended, and why.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="corrections")
    part = models.CharField(_("part"), max_length=10, choices=CorrectedPart.choices)
    question = models.CharField(_("question"), max_length=80, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    text = models.TextField(_("what is wrong"), max_length=2000)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=CorrectionOutcome.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request to correct")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(outcome=""),
                name="correction_closed_with_outcome",
                violation_error_message=_("Say how this request ended."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.part}"

    @property
    def is_by_applicant(self) -> bool:
        """True when the applicant asked."""
        return self.organisation_id is None

    @property
    def waits_for_applicant(self) -> bool:
        """True while an organisation waits for her answer."""
        return not self.is_by_applicant and self.answered_at is None and self.closed_at is None
