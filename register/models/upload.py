"""Files that arrive in pieces over a weak network, until they are whole."""

import uuid

from django.conf import settings
from django.db import models

from .document import StoredFile, private_storage


class Upload(models.Model):
    """A file that its sender began to send; what arrived of it is kept for a day.

    `fingerprint` is how her browser knows the file again: the same file goes on where it stopped.
    `stored_file` is what it became.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    name = models.CharField(max_length=300)
    size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    stored_file = models.ForeignKey(
        StoredFile, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "fingerprint"], name="one_upload_of_a_file_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class UploadPiece(models.Model):
    """Some bytes of it, from `offset` on."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    file = models.FileField(storage=private_storage, max_length=200)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["offset"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="one_piece_at_an_offset")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}"
