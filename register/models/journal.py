"""What happened to a demand (append-only, CCH R441-2-15) and who read it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .demand import Demand
from .organisation import Organisation


class EventKind(models.TextChoices):
    """Steps of a demand. The register keeps each with its date, author and reason."""

    SUBMITTED = "submitted", _("Demand registered")
    IDENTITY_VERIFIED = "identity_verified", _("Identity document checked")
    DOCUMENT_VERIFIED = "document_verified", _("Document checked")
    DOCUMENT_REFUSED = "document_refused", _("Document that cannot be used")
    DOCUMENT_ADDED = "document_added", _("Document received")
    DOCUMENT_UNLISTED = "document_unlisted", _("Document outside the list")
    DOCUMENT_OBSOLETE = "document_obsolete", _("Document no longer valid")
    PIECE_REQUESTED = "piece_requested", _("Document requested")
    CONTACTED = "contacted", _("Contact with the applicant")
    MESSAGE_SENT = "message_sent", _("Message sent")
    CANDIDATE_PROPOSED = "candidate_proposed", _("Proposed as a candidate for a home")
    CANDIDATE_REFUSED = "candidate_refused", _("Home not allocated")
    OFFER_DECLINED = "offer_declined", _("Offer declined by the applicant")
    NOTE = "note", _("Internal note")
    RENEWED = "renewed", _("Demand renewed")
    WARNED = "warned", _("Warned before striking off")
    STRUCK_OFF = "struck_off", _("Demand struck off")
    REACTIVATED = "reactivated", _("Demand reactivated")
    ERASED = "erased", _("Personal data erased")
    SHARED = "shared", _("File shared exceptionally")
    SHARE_REVOKED = "share_revoked", _("Exceptional share ended")
    MANDATE_GIVEN = "mandate_given", _("Helper chosen")
    MANDATE_REVOKED = "mandate_revoked", _("Helper’s access ended")
    LABEL_GRANTED = "label_granted", _("Priority recognised")
    LETTER_SENT = "letter_sent", _("Letter sent")
    TASK_OPENED = "task_opened", _("Task given")
    TASK_TAKEN = "task_taken", _("Task taken")
    TASK_DONE = "task_done", _("Task done")
    TAG_ADDED = "tag_added", _("Working tag added")
    LABEL_REFUSED = "label_refused", _("Priority not recognised")
    RENEWAL_ANNOUNCED = "renewal_announced", _("Renewal announced")
    RENEWAL_REMINDED = "renewal_reminded", _("Last reminder to renew")
    NOTICE_FAILED = "notice_failed", _("A notice could not be delivered")
    SEPARATED = "separated", _("Couple separated, each with a demand")
    TRANSFERRED = "transferred", _("Demand transferred to the co-applicant")
    DEPARTMENT_CHANGED = "department_changed", _("Demand made in another department too")
    CHANNELS_CHOSEN = "channels_chosen", _("Ways of being written to chosen")
    CORRECTION_ASKED = "correction_asked", _("Correction asked for")
    CORRECTION_ANSWERED = "correction_answered", _("Answer to a request to correct")
    CORRECTION_CLOSED = "correction_closed", _("Request to correct closed")
    MODIFIED = "modified", _("Declaration changed")
    MERGED = "merged", _("Merged into another demand of the same person")
    JOINED = "joined", _("Another demand of the same person merged into this one")
    PARTED = "parted", _("Merge undone")
    DEATH_TAKEN_BACK = "death_taken_back", _("Death told by mistake, taken back")
    ACCOUNT_OFFERED = "account_offered", _("Online access offered")
    ACCOUNT_LINKED = "account_linked", _("Demand reached from an online account")
    FORM_KEPT = "form_kept", _("Paper form scanned")
    NOTHING_TO_ANSWER = "nothing_to_answer", _("Nothing to answer")


class Event(models.Model):
    """One dated fact of a demand's life, never changed afterwards.

    `rule_versions` holds the identifiers of the rule-module versions that allowed it.
    `details` holds codes only (reason, home type, commune), `text` what a person wrote.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule_versions = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    details = models.JSONField(default=dict, blank=True)
    is_public = models.BooleanField(_("shown to the applicant"), default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["demand", "at"], name="event_demand_at")]

    def __str__(self) -> str:
        return self.get_kind_display()


class AccessPurpose(models.TextChoices):
    """What a named file was opened for."""

    VIEW = "view", _("File read")
    DOCUMENT = "document", _("Document read")
    EXPORT = "export", _("Exported in a list")


class AccessLog(models.Model):
    """One reading of a named file: who, for which organisation, why and when (R20)."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=10, choices=AccessPurpose.choices)
    document = models.UUIDField(null=True, blank=True)
    # The versions that decided who opens the file and what of it is shown.
    rule_versions = models.JSONField(default=list, blank=True)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reading of a file")
        verbose_name_plural = _("readings of files")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["demand", "-at"], name="access_demand_at"),
            # What has been kept for its delay is erased every night, and counted on a page.
            models.Index(fields=["at"], name="access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.at:%Y-%m-%d %H:%M}"


class Message(models.Model):
    """A message between an organisation and the applicant, readable by both."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="messages")
    # Empty when an automatic rule writes in the name of the organisation.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Empty when the applicant writes.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.TextField(_("message"), max_length=2000)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # When a body took up what the applicant wrote; empty while it waits.
    taken_up_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["sent_at", "id"]
        indexes = [
            models.Index(
                fields=["sent_at"],
                condition=models.Q(organisation__isnull=True, taken_up_at__isnull=True),
                name="message_to_take_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"
