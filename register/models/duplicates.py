"""People as they are compared, and the pairs of demands that may be one person's."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .demand import Demand
from .household import Person
from .organisation import Organisation


def _block() -> "models.BigIntegerField[int | None, int | None]":
    """A key that people share who may be one; empty when what it is made of was not told."""
    return models.BigIntegerField(null=True, db_index=True)


class Identity(models.Model):
    """An applicant or co-applicant as she is compared with others (`register/duplicates`).

    Written from the person and the contact details by the service that changes them; never shown.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="identity"
    )
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="identities")
    # The department, or one name for all of Île-de-France: one demand for each (R441-2-3).
    territory = models.CharField(max_length=4)
    title = models.CharField(max_length=1, blank=True)
    birth_name = models.CharField(max_length=100, blank=True)
    used_name = models.CharField(max_length=100, blank=True)
    first_names = models.CharField(max_length=200, blank=True)
    first_sound = models.CharField(max_length=200, blank=True)
    birth_date = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=9, blank=True)
    email = models.CharField(max_length=254, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    insee = models.CharField(max_length=5, blank=True)
    by_phone = _block()
    by_email = _block()
    by_birth_and_first = _block()
    by_birth_and_last = _block()
    by_names_and_year = _block()
    by_names_and_day = _block()
    by_names_and_place = _block()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("identity as it is compared")

    def __str__(self) -> str:
        return f"{self.person_id}"


class PairStatus(models.TextChoices):
    """What became of two demands that may be one person's."""

    TO_REVIEW = "to_review", _("To be reviewed")
    DIFFERENT = "different", _("Different people")
    MERGED = "merged", _("Merged")
    UNDONE = "undone", _("Merged, then parted again")


class DuplicatePair(models.Model):
    """Two demands of one territory that may be one person's, with what speaks for it.

    `evidence` says of each field equal, near, different or missing, never its value. `compared` is
    the digest of what was compared: a pair judged different comes back only when it changes.
    """

    # The older key first, so that a pair exists once.
    first = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="pairs_as_first")
    second = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="pairs_as_second")
    status = models.CharField(
        _("status"), max_length=10, choices=PairStatus.choices, default=PairStatus.TO_REVIEW
    )
    probability = models.FloatField(_("likelihood that both are one person (0 to 1)"))
    evidence = models.JSONField(default=dict)
    compared = models.CharField(max_length=32)
    found_at = models.DateTimeField()
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Put off: not shown before that day.
    not_before = models.DateField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("pair of demands that may be one person’s")
        verbose_name_plural = _("pairs of demands that may be one person’s")
        ordering = ["-probability", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="older_demand_first"
            ),
        ]
        indexes = [models.Index(fields=["status", "-probability", "id"], name="pair_to_review")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(models.Model):
    """Two demands of one person made one: which goes on, and how both were before.

    `before` holds dates, states and keys, no name; it is emptied when the merge is undone and, with
    the words, when the closed demand is erased. `until` is the last day to undo it.
    """

    kept = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="merges")
    other = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="merged_into")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(_("can be undone until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    before = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_because = models.CharField(_("reason"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("merge of two demands")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"],
                condition=models.Q(undone_at__isnull=True),
                name="merged_into_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("other")), name="merged_into_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other} → {self.kept}"


class Linkage(models.Model):
    """The last time all people of a territory were compared, and what it took."""

    territory = models.CharField(max_length=4, primary_key=True)
    ran_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    seconds = models.FloatField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("comparison of all people of a territory")

    def __str__(self) -> str:
        return f"{self.territory} {self.ran_at:%Y-%m-%d}"
