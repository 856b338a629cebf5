"""The people to be housed, how to reach them, where they live and what they live on."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from register import annex, code_lists, codes
from register.code_lists import stored

from .demand import Demand


class Person(models.Model):
    """A person of the household. Money: euros per year for the fiscal reference income (RFR).

    `alimony_paid` is in euros per month (E9). `employer_siret` has 14 figures. `unemployed_until`
    is the day on which an unemployment of more than a year ended (D14, D15).
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="persons")
    role = models.CharField(_("role"), max_length=20, choices=codes.PersonRole.choices)
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(
        pgettext_lazy("person", "title"), max_length=1, choices=stored(codes.Title), blank=True
    )
    birth_name = models.CharField(_("birth name"), max_length=100)
    used_name = models.CharField(_("name in use"), max_length=100, blank=True)
    first_names = models.CharField(_("first names"), max_length=100)
    search_name = models.CharField(max_length=220, editable=False)
    birth_date = models.DateField(_("date of birth"))
    nationality = models.CharField(
        _("nationality"), max_length=1, choices=stored(codes.Nationality), blank=True
    )
    family_status = models.CharField(
        _("family status"), max_length=1, choices=stored(codes.FamilyStatus), blank=True
    )
    link = models.CharField(_("link with the applicant"), max_length=4, blank=True)
    sex = models.CharField(
        pgettext_lazy("person", "sex"), max_length=1, choices=stored(codes.Sex), blank=True
    )
    custody = models.CharField(
        _("custody"), max_length=1, choices=stored(codes.Custody), blank=True
    )
    has_disability = models.BooleanField(_("disability"), default=False)
    work_status = models.CharField(
        _("work"), max_length=3, choices=stored(codes.WorkStatus), blank=True
    )
    occupation = models.CharField(_("occupation"), max_length=100, blank=True)
    employer = models.CharField(
        _("works for"), max_length=2, choices=stored(codes.Employer), blank=True
    )
    employer_siret = models.CharField(_("SIRET of the employer"), max_length=14, blank=True)
    workplace = models.CharField(_("place of work"), max_length=100, blank=True)
    long_unemployed = models.BooleanField(
        _("was unemployed for more than a year"), null=True, blank=True
    )
    unemployed_until = models.DateField(_("end of this unemployment"), null=True, blank=True)
    alimony_paid = models.DecimalField(
        _("alimony paid per month (euros)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    tax_income_n2 = models.DecimalField(
        _("fiscal reference income of year N-2 (euros)"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
    )
    tax_income_n1 = models.DecimalField(
        _("fiscal reference income of year N-1 (euros)"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["demand", "role", "position"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "role", "position"], name="one_person_place"),
        ]
        indexes = [
            # Searches by the start of a name read demands here, and never the people themselves.
            models.Index(
                fields=["search_name", "demand"],
                condition=models.Q(role=codes.PersonRole.APPLICANT),
                opclasses=["varchar_pattern_ops", "int8_ops"],
                name="person_applicant_name",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def last_name(self) -> str:
        """The name in use, else the birth name."""
        return self.used_name or self.birth_name

    @property
    def listed_name(self) -> str:
        """Last name and first names, as lists show and searches compare them."""
        return f"{self.last_name} {self.first_names}"

    @property
    def full_name(self) -> str:
        """First names and last name, as written on a letter."""
        return f"{self.first_names} {self.last_name}".strip()


class Income(models.Model):
    """A monthly resource of a person, in euros per month, net, without housing benefit (E7, E8)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="incomes")
    kind = models.CharField(max_length=5, choices=stored(codes.IncomeKind))
    amount = models.DecimalField(_("amount per month (euros)"), max_digits=9, decimal_places=2)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="income_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0),
                name="income_not_negative",
                violation_error_message=_("An income cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Need(models.Model):
    """One answer of the annex on handicap of a person: a topic, and a code of its list.

    Health data (GDPR article 9): read under the rights on health, by nobody else.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="needs")
    topic = models.CharField(max_length=10, choices=annex.Topic.choices)
    code = models.CharField(max_length=3)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("need linked to a disability")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "topic", "code"], name="need_once"),
        ]

    def __str__(self) -> str:
        return code_lists.of(annex.LISTS[self.topic]).label(self.code)

    def clean(self) -> None:
        """The code is one of its topic's list."""
        listed = annex.LISTS.get(self.topic)
        if listed and self.code not in code_lists.of(listed).labels:
            raise ValidationError({"code": _("Choose an answer of the list.")})


class FlatSharer(models.Model):
    """Somebody who will share the home and is not of the household (Cerfa 14069, page 3).

    Each flat-sharer makes a demand of her own: counted there, never here.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="flat_sharers")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(
        pgettext_lazy("person", "title"), max_length=1, choices=stored(codes.Title), blank=True
    )
    birth_name = models.CharField(_("birth name"), max_length=100)
    first_names = models.CharField(_("first names"), max_length=100)
    birth_date = models.DateField(_("date of birth"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("flat-sharer")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "position"], name="one_flat_sharer_place"),
        ]

    def __str__(self) -> str:
        return f"{self.first_names} {self.birth_name}"


class SafeWay(models.TextChoices):
    """The one way by which somebody whose file is sealed is reached; she chooses it."""

    EMAIL = "email", pgettext_lazy("safe way", "By e-mail")
    SMS = "sms", pgettext_lazy("safe way", "By text message")
    LETTER = "letter", pgettext_lazy("safe way", "By letter to the postal address given")
    PHONE = "phone", pgettext_lazy("safe way", "By telephone, as she says below")
    COUNTER = "counter", pgettext_lazy("safe way", "Nothing is sent: she comes, or sends somebody")


class Contact(models.Model):
    """How to write to the applicant; without an e-mail address letters go by post.

    The `home_` columns say where she lives, when she does not receive her letters there. `safe_way`
    holds while the file is sealed; `safe_words` says when, through whom, and what not to say.
    """

    demand = models.OneToOneField(
        Demand, on_delete=models.CASCADE, primary_key=True, related_name="contact"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    care_of = models.CharField(_("care of"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_extra = models.CharField(_("address, further details"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    housed_by = models.CharField(_("housed by"), max_length=100, blank=True)
    home_address = models.CharField(_("address of the home"), max_length=200, blank=True)
    home_address_extra = models.CharField(
        _("address of the home, further details"), max_length=200, blank=True
    )
    home_postal_code = models.CharField(_("postal code of the home"), max_length=10, blank=True)
    home_city = models.CharField(_("city of the home"), max_length=100, blank=True)
    accepts_email = models.BooleanField(_("agrees to receive e-mails"), default=True)
    accepts_sms = models.BooleanField(_("agrees to receive text messages"), default=False)
    # Besides e-mails: whoever uses the online service may still ask for paper (CCH R441-2-7).
    wants_letters = models.BooleanField(_("wants letters by post too"), default=False)
    safe_way = models.CharField(
        _("safe way"),
        max_length=10,
        choices=SafeWay.choices,
        blank=True,
        default="",
        db_default="",
    )
    safe_words = models.CharField(
        _("how to use the safe way"), max_length=200, blank=True, default="", db_default=""
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("contact details")

    def __str__(self) -> str:
        return f"{self.postal_code} {self.city}".strip()


class CurrentHousing(models.Model):
    """Where the household lives today. Money: euros per month; surface: square metres."""

    demand = models.OneToOneField(
        Demand, on_delete=models.CASCADE, primary_key=True, related_name="current_housing"
    )
    kind = models.CharField(
        _("current housing"), max_length=10, choices=stored(codes.CurrentHousingKind), blank=True
    )
    landlord_name = models.CharField(_("landlord"), max_length=150, blank=True)
    landlord_siren = models.CharField(_("SIREN of the landlord"), max_length=9, blank=True)
    occupants = models.PositiveSmallIntegerField(_("people living there"), null=True, blank=True)
    home_type = models.CharField(
        _("size"), max_length=3, choices=stored(codes.HomeType), blank=True
    )
    surface = models.PositiveSmallIntegerField(_("surface (m²)"), null=True, blank=True)
    monthly_cost = models.DecimalField(
        _("rent and charges per month (euros)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    housing_benefit = models.DecimalField(
        _("housing benefit per month (euros)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    since = models.DateField(_("since"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("current housing")

    def __str__(self) -> str:
        return self.get_kind_display()
