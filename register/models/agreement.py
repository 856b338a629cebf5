"""Agreements: who signed what with the shared file, for which purpose, where and until when."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from rules.kinds.fields import FieldSet

from .document import StoredFile
from .organisation import Organisation
from .territory import Commune, Department, Epci, Quarter


class AgreementStatus(models.TextChoices):
    """Where an agreement stands; only a signed one opens anything."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


class AgreementPurpose(models.TextChoices):
    """What the data of an agreement may be used for."""

    REGISTRATION = "registration", _("Registering demands")
    ALLOCATION = "allocation", _("Allocating homes")
    DESIGNATION = "designation", _("Designating candidates for reserved homes")
    FIGURES = "figures", _("Statistics")


def every_purpose() -> list[str]:
    """What an agreement that does not say otherwise is for."""
    return [purpose.value for purpose in AgreementPurpose]


def every_data_class() -> list[str]:
    """Every group of data."""
    return [name.value for name in FieldSet]


def usual_data_classes() -> list[str]:
    """The groups of data that an agreement which does not say otherwise may open.

    Health is named on purpose or not at all (GDPR article 9).
    """
    return [name for name in every_data_class() if name != FieldSet.HEALTH]


class Agreement(models.Model):
    """The signed convention from which an organisation's rights follow, and with which they end.

    `departments`, `epcis`, `communes` and `quarters` are its territory; `data_classes` the groups
    of data that it opens at most, whatever the rules say. The organisations that sign with it gain
    nothing: they read the signed document.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements"
    )
    co_signers = models.ManyToManyField(
        Organisation, related_name="co_signed_agreements", blank=True
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    purposes = models.JSONField(_("purposes"), default=every_purpose)
    departments = models.ManyToManyField(Department, related_name="agreements", blank=True)
    epcis = models.ManyToManyField(Epci, related_name="agreements", blank=True)
    communes = models.ManyToManyField(Commune, related_name="agreements", blank=True)
    quarters = models.ManyToManyField(Quarter, related_name="agreements", blank=True)
    data_classes = models.JSONField(_("groups of data"), default=usual_data_classes)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=AgreementStatus.choices,
        default=AgreementStatus.DRAFT,
    )
    signed_file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement"
    )
    # Raised by every change of what the agreement opens: what was built for another is stale.
    generation = models.PositiveIntegerField(default=1, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["organisation__name", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="agreement_ends_after_it_starts",
                violation_error_message=_("An agreement cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.purpose}"

    def clean(self) -> None:
        """Purposes and groups of data are codes of their lists."""
        _check_codes("purposes", self.purposes, set(AgreementPurpose.values))
        _check_codes("data_classes", self.data_classes, {name.value for name in FieldSet})


def _check_codes(field: str, given: Any, known: set[str]) -> None:
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        raise ValidationError({field: _("Choose answers of the list.")})
    if not set(given) <= known:
        raise ValidationError({field: _("Choose answers of the list.")})


class AgreementEventKind(models.TextChoices):
    """Steps of an agreement."""

    CREATED = "created", _("Agreement drafted")
    CHANGED = "changed", _("Agreement changed")
    SIGNED = "signed", _("Agreement signed")
    SUSPENDED = "suspended", _("Agreement suspended")
    RESUMED = "resumed", _("Agreement resumed")
    ENDED = "ended", _("Agreement ended")


class AgreementEvent(models.Model):
    """One dated step of an agreement: who, why, and what it opened then; never changed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=AgreementEventKind.choices)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("step of an agreement")
        verbose_name_plural = _("steps of agreements")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused for a step that is already written."""
        if not self._state.adding:
            raise ValidationError(_("A step already written cannot be changed."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: rights that were given stay explained."""
        raise ValidationError(_("A step already written cannot be changed."))
