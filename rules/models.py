"""Installed rule modules and their versions. A version in force never changes."""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from .errors import RuleError


class ModuleKind(models.TextChoices):
    """What a module decides."""

    RIGHTS = "rights", _("Rights")
    FIELDS = "fields", _("Groups of data")
    PRIORITY = "priority", _("Priorities")
    ELIGIBILITY = "eligibility", _("Eligibility")
    DEADLINES = "deadlines", _("Deadlines")
    SCORING = "scoring", _("Scoring")
    DOCUMENTS = "documents", _("Documents")
    QUESTIONS = "questions", _("Local questions")
    AUTOMATION = "automation", _("Automation")
    LETTERS = "letters", _("Letters")


class RuleModule(models.Model):
    """A set of rules under one code, on one territory ("21": Côte-d'Or; "": everywhere)."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ModuleKind.choices)
    territory = models.CharField(_("territory"), max_length=20, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("rule module")
        verbose_name_plural = _("rule modules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class VersionState(models.TextChoices):
    """Where a version stands."""

    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")


class VersionQuerySet(models.QuerySet["RuleModuleVersion"]):
    """Versions: they can be read and superseded, not changed nor deleted."""

    def supersede(self) -> int:
        """End the versions in force of this set; the number of versions ended."""
        return super().update(state=VersionState.SUPERSEDED)

    def update(self, **values: Any) -> NoReturn:
        """Refused: every decision refers to the version that made it."""
        raise RuleError("", _("an installed version cannot be changed"))

    def delete(self) -> NoReturn:
        """Refused: every decision refers to the version that made it."""
        raise RuleError("", _("an installed version cannot be deleted"))


class RuleModuleVersion(models.Model):
    """One version of a module, as it was accepted: its text, its rules and their fingerprint."""

    module = models.ForeignKey(RuleModule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    author = models.CharField(_("author"), max_length=200)
    manifest = models.JSONField(_("manifest"))
    body = models.JSONField(_("rules"))
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState.choices, default=VersionState.IN_FORCE
    )
    effective_from = models.DateField(_("in force since"))
    installed_at = models.DateTimeField(_("installed at"), auto_now_add=True)

    objects = VersionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version of a rule module")
        verbose_name_plural = _("versions of rule modules")
        ordering = ["module", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="rules_one_number"),
            models.UniqueConstraint(
                fields=["module"],
                condition=models.Q(state="in_force"),
                name="rules_one_version_in_force",
                violation_error_message=_("Only one version of a module can be in force."),
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="rules_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(state__in=["in_force", "superseded"]), name="rules_known_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused for a version that is already stored: a new version is installed instead."""
        if not self._state.adding:
            raise RuleError("", _("an installed version cannot be changed"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: every decision refers to the version that made it."""
        raise RuleError("", _("an installed version cannot be deleted"))
