"""Rule modules, their versions and the journal of their moves: what is submitted is frozen."""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .conditions import content_hash
from .errors import RuleError
from .kinds.parts import Bilingual


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
    """Where a version stands. `rules/life.py` holds the only moves from one to another."""

    DRAFT = "draft", pgettext_lazy("rule version", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("rule version", "In review")
    SCHEDULED = "scheduled", pgettext_lazy("rule version", "Scheduled")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", pgettext_lazy("rule version", "Withdrawn")
    DELIVERED = "delivered", pgettext_lazy("rule version", "Delivered, to be merged")


OPEN_STATES = (VersionState.DRAFT, VersionState.IN_REVIEW)
# Those that govern a day, or will: a decision may refer to them.
GOVERNING_STATES = (VersionState.SCHEDULED, VersionState.IN_FORCE, VersionState.SUPERSEDED)


class Origin(models.TextChoices):
    """Who wrote a version: it came with the software, or was written on this installation."""

    SHIPPED = "shipped", _("Delivered with the software")
    LOCAL = "local", _("Written here")


class VersionQuerySet(models.QuerySet["RuleModuleVersion"]):
    """Versions: their rules are written while they are drafts, then only moves change them."""

    def take(
        self, sources: tuple[VersionState, ...], target: VersionState | None, **values: Any
    ) -> int:
        """Move versions that stand in `sources` to `target`; how many moved. One winner only."""
        if target is not None:
            values["state"] = target
        return super(VersionQuerySet, self.filter(state__in=sources)).update(**values)

    def rewrite(self, **content: Any) -> int:
        """Give drafts another content; how many were drafts."""
        return super(VersionQuerySet, self.filter(state=VersionState.DRAFT)).update(**content)

    def replace_tests(self, tests: list[dict[str, Any]]) -> int:
        """Take over the delivered test cases of a delivered version, whose rules are the same."""
        return super(VersionQuerySet, self.filter(origin=Origin.SHIPPED)).update(tests=tests)

    def update(self, **values: Any) -> NoReturn:
        """Refused: every decision refers to the version that made it."""
        raise RuleError("", _("an installed version cannot be changed"))

    def delete(self) -> NoReturn:
        """Refused: every decision refers to the version that made it."""
        raise RuleError("", _("an installed version cannot be deleted"))


class RuleModuleVersion(models.Model):
    """One version of a module: its text, its rules, its test cases and their fingerprint.

    `number` counts the versions of this installation; a delivered version also keeps its own
    number in its manifest. `based_on` is the version it was written from, or merged with.
    `review_round` grows at each submission: signatures of earlier rounds are void.
    """

    module = models.ForeignKey(RuleModule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    author = models.CharField(_("author"), max_length=200)
    manifest = models.JSONField(_("manifest"))
    body = models.JSONField(_("rules"))
    tests = models.JSONField(_("test cases"), default=list, blank=True)
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState.choices, default=VersionState.IN_FORCE
    )
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.SHIPPED
    )
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_round = models.PositiveIntegerField(_("round of review"), default=0)
    effective_from = models.DateField(_("in force since"), null=True, blank=True)
    in_force_at = models.DateTimeField(_("put in force at"), null=True, blank=True)
    superseded_on = models.DateField(_("superseded on"), null=True, blank=True)
    installed_at = models.DateTimeField(_("installed at"), auto_now_add=True)

    objects = VersionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version of a rule module")
        verbose_name_plural = _("versions of rule modules")
        ordering = ["module", "-number"]
        indexes = [
            models.Index(
                fields=["state", "effective_from", "in_force_at"], name="rules_what_governs"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="rules_one_number"),
            models.UniqueConstraint(
                fields=["module"],
                condition=models.Q(state="in_force"),
                name="rules_one_version_in_force",
                violation_error_message=_("Only one version of a module can be in force."),
            ),
            models.UniqueConstraint(
                fields=["module"],
                condition=models.Q(state__in=["draft", "in_review"]),
                name="rules_one_open_draft",
                violation_error_message=_("Only one draft of a module can be open."),
            ),
            models.UniqueConstraint(
                fields=["module"],
                condition=models.Q(state="delivered"),
                name="rules_one_delivered",
                violation_error_message=_("Another delivered version waits to be merged."),
            ),
            models.UniqueConstraint(
                fields=["module", "effective_from"],
                condition=models.Q(state="scheduled"),
                name="rules_one_scheduled_a_day",
                violation_error_message=_("Another version is scheduled for that day."),
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="rules_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(state__in=VersionState.values), name="rules_known_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["scheduled", "in_force", "superseded"])
                | models.Q(effective_from__isnull=False),
                name="rules_governs_from_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["in_force", "superseded"])
                | models.Q(in_force_at__isnull=False),
                name="rules_in_force_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused for a version that is already stored: `rules/drafts.py` writes and moves it."""
        if not self._state.adding:
            raise RuleError("", _("an installed version cannot be changed"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: every decision refers to the version that made it."""
        raise RuleError("", _("an installed version cannot be deleted"))

    @property
    def title(self) -> Bilingual:
        """Its title, in the active language when shown."""
        return Bilingual(self.title_fr, self.title_en)

    @property
    def edit_token(self) -> str:
        """What an editor saw: saving with another one means that somebody saved meanwhile."""
        return content_hash({"manifest": self.manifest, "body": self.body, "tests": self.tests})


class MoveQuerySet(models.QuerySet["RuleVersionMove"]):
    """Journal rows: they are added and read."""

    def update(self, **values: Any) -> NoReturn:
        """Refused: the journal is what partners signed."""
        raise RuleError("", _("the journal of the rules cannot be changed"))

    def delete(self) -> NoReturn:
        """Refused: the journal is what partners signed."""
        raise RuleError("", _("the journal of the rules cannot be changed"))


class RuleVersionMove(models.Model):
    """One move of a version: what was done, by whom, for which body, on which fingerprint.

    `person` is the account's identifier and `organisation` the body's code, both of the register,
    which alone gives them a name. Rows are only ever added.
    """

    version = models.ForeignKey(RuleModuleVersion, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(_("move"), max_length=20)
    at = models.DateTimeField(_("at"))
    review_round = models.PositiveIntegerField(_("round of review"))
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    person = models.PositiveBigIntegerField(_("account"), null=True, blank=True)
    organisation = models.CharField(_("organisation"), max_length=40, blank=True)
    party = models.CharField(_("signs as"), max_length=20, blank=True)
    by = models.CharField(_("written by"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = MoveQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("move of a rule version")
        verbose_name_plural = _("moves of rule versions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "review_round", "organisation"],
                condition=models.Q(move="sign"),
                name="rules_one_signature_each",
                violation_error_message=_("This organisation has already signed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.move}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused for a row that is already stored."""
        if not self._state.adding:
            raise RuleError("", _("the journal of the rules cannot be changed"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the journal is what partners signed."""
        raise RuleError("", _("the journal of the rules cannot be changed"))
