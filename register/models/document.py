"""Files of applicants: stored once under a random name, outside the media folder."""

import uuid
from datetime import date

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register import codes

from .demand import Demand
from .household import Person
from .organisation import Organisation


def private_storage() -> Storage:
    """The private store named in the settings (never MEDIA_ROOT)."""
    return storages["private"]


class StoredFile(models.Model):
    """The bytes of an uploaded file after checking and rewriting (R3, R4).

    `uploaded_by` may read it until it is attached to a demand; then the demand's rights decide.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(storage=private_storage, max_length=200)
    original_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64)
    scan_status = models.CharField(
        max_length=12, choices=codes.ScanStatus.choices, default=codes.ScanStatus.NOT_SCANNED
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stored_files"
    )
    uploaded_at = models.DateTimeField()
    # When the antivirus was last asked; empty until it answered once.
    scanned_at = models.DateTimeField(null=True, blank=True)
    # Why a person might not be able to read it: told to who sends it, and not kept.
    doubt = ""

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("stored file")
        indexes = [models.Index(fields=["scan_status", "scanned_at"], name="file_to_scan")]

    def __str__(self) -> str:
        return str(self.id)


class Document(models.Model):
    """A supporting document of a demand and what was found when it was read.

    It belongs to the shared file: checked once, for every landlord (CCH R441-2-4-1). `paper` is the
    code of the list's paper that it proves, `refusal_code` the reason of the list for which it is
    not used, `valid_until` the last day on which it proves something. `put_in_by` is the body whose
    agent scanned it, `came_by` how the paper came and `received_on` the day: all three are empty
    for what the applicant or her helper sent online. A paper that names no `person` is the
    applicant's. `is_of_former`: of whoever asked before the demand changed hands, kept for agents.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="documents")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="documents", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=12, choices=codes.DocumentKind.choices)
    stored_file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, related_name="document"
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=codes.DocumentStatus.choices,
        default=codes.DocumentStatus.RECEIVED,
    )
    paper = models.CharField(_("paper of the list"), max_length=100, blank=True)
    refusal_code = models.CharField(_("reason of the list"), max_length=100, blank=True)
    refusal_reason = models.CharField(_("why it cannot be used"), max_length=620, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    put_in_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    came_by = models.CharField(
        _("how it came"), max_length=12, choices=codes.ContactChannel.choices, blank=True
    )
    received_on = models.DateField(_("day it was received"), null=True, blank=True)
    is_of_former = models.BooleanField(_("of the former applicant"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind", "-added_at"]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=models.Q(status="verified", valid_until__isnull=False),
                name="document_growing_old",
            ),
            # What waits to be checked is a small part of what is kept.
            models.Index(
                fields=["added_at"],
                condition=models.Q(status="received"),
                name="document_to_check",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=sorted(codes.UNUSED_DOCUMENTS))
                | ~models.Q(refusal_reason=""),
                name="refused_document_has_reason",
                violation_error_message=_("Say why the document cannot be used."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(codes.SCANNED_KINDS), status="kept")
                | (~models.Q(kind__in=sorted(codes.SCANNED_KINDS)) & ~models.Q(status="kept")),
                name="scan_of_a_counter_is_only_kept",
                violation_error_message=_("This scan is kept as it is: nobody checks it."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def received_day(self) -> date:
        """From which its validity counts: the day the paper came, or was sent."""
        return self.received_on or timezone.localdate(self.added_at)
