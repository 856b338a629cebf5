"""The certificate of registration: complete as R441-2-4 asks, accessible, literal."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.utils import timezone

from register.codes import SENSITIVE_REASONS, DemandReason
from register.letters import render as rendering
from register.letters.attestation import attestation_pdf, build_attestation, render_attestation
from register.letters.attestation_data import AttestationData, Paper, SummaryGroup, Terms
from register.letters.render import LetterError, printable, render
from register.models import Counter, CurrentHousing, Demand, DemandState, Income, Reason
from rules.formatting import day
from tests import installed
from tests.factories import make_demand

from .pdf_text import squeeze, text_of


@pytest.fixture
def demand(db: None) -> Demand:
    """A demand received on 1 April 2026 through the public counter, with its real surroundings."""
    installed.load("rules")
    installed.load("reference")
    return make_demand(
        received_on=date(2026, 4, 1),
        communes=("21231", "21515"),
        types=("T3", "T4"),
        last_name="Durand",
        first_names="Marie",
        dependants=1,
        number="0210426000042GDPUB",
        max_monthly_cost=Decimal("620"),
        tax_year=2024,
    )


def sample(**changes: object) -> AttestationData:
    """A certificate without a database."""
    data = AttestationData(
        language="fr",
        issued_on=date(2026, 11, 22),
        applicants=("Mme Marie Durand",),
        address=("12 rue d’Auxonne", "21000 Dijon"),
        service_name="Guichet internet grand public",
        service_address=("18 rue de l’Exemple", "21000 Dijon"),
        service_city="Dijon",
        number="0210426000042GDPUB",
        received_on=date(2026, 4, 1),
        last_renewed_on=None,
        expires_on=date(2027, 4, 1),
        landlords=(("Orvitis", "17 boulevard Voltaire, 21000 Dijon"),),
        landlords_scope="Côte-d’Or",
        mediation_cases=("vous êtes dépourvu de logement ;",),
        mediation_introduction="Vous pouvez saisir la commission si :",
        mediation_start="À partir du 1er avril 2028.",
        mediation_how="À tout moment.",
        mediation_address=("Commission de médiation",),
        terms=(Terms("Durée", ("Un an.",)),),
        follow_up=("En ligne.",),
        summary=(SummaryGroup("Foyer", (("Personnes à loger", "1"),)),),
        next_steps=("Rien à faire.",),
        documents_required=(Paper("Avis d’imposition", "De chaque adulte."),),
        documents_complementary=(Paper("Situation", "Si elle a changé.", ("acte", "livret")),),
    )
    return replace(data, **changes)


ITEMS = {
    "a": ("Marie Durand", "1 rue des Exemples", "21000 Dijon"),
    "b": ("Guichet internet grand public", "18 rue de l’Exemple"),
    "c": ("0210426000042GDPUB",),
    "d": ("Reçue le", "1er avril 2026"),
    "e": ("Grand Dijon Habitat", "2 bis rue Maréchal-Leclerc, 21000 Dijon", "Orvitis", "Habellis"),
    "f": ("24 mois d’attente", "dépourvu de logement", "menacé d’expulsion", "plus de 18 mois"),
    "g": ("à partir du 1er avril 2028", "Cerfa 15036*01", "6 rue de l’Exemple"),
    "h": (
        "valable 12 mois, jusqu’au 1er avril 2027",
        "radiée le 1er mai 2027",
        "Jusqu’au 1er octobre 2027",
        "vous y renoncez par écrit",
        "signé le bail",
        "ne répondez pas, dans un délai de 1 mois",
        "conditions légales",
        "vous ne la renouvelez pas à temps",
    ),
    "i": ("/mon-espace/", "03 53 01 00 18"),
    "annexes": (
        "Récapitulatif de votre demande",
        "1. Dijon (21000)2. Quetigny (21800)",
        "18 400 € par an",
        "620 € par mois",
        "vous avez au moins 10 jours pour répondre",
        "Pièces obligatoires",
        "Avis d’imposition",
        "Pièces complémentaires",
    ),
}


def test_every_item_of_the_article_is_printed(demand):
    demand.expires_on = date(2027, 4, 1)
    text = text_of(attestation_pdf(demand))
    absent = [
        (item, words)
        for item, sentences in ITEMS.items()
        for words in sentences
        if squeeze(words) not in text
    ]
    assert absent == []


def test_items_a_to_i_are_headings_in_the_order_of_the_article(db):
    titles = outline(render_attestation(sample()))
    assert [title.split()[0] for title in titles[1:10]] == list("abcdefghi")
    assert titles[0] == "Attestation d’enregistrement de votre demande de logement social"


def outline(pdf: bytes) -> list[str]:
    """Titles of first and second level, as a reader's bookmarks show them."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as tree:
        return [
            entry.title.replace("\xa0", " ")
            for first in tree.root
            for entry in (first, *first.children)
        ]


def test_a_first_certificate_shows_no_renewal_and_a_renewed_one_keeps_both_dates(demand):
    assert squeeze("Dernier renouvellement le") not in text_of(attestation_pdf(demand))
    demand.last_renewed_on, demand.expires_on = date(2027, 3, 12), date(2028, 3, 12)
    text = text_of(attestation_pdf(demand))
    for words in (
        "Attestation de renouvellement",
        "0210426000042GDPUB",
        "Dernier renouvellement le",
        "1er avril 2026",
        "12 mars 2027",
        "jusqu’au 12 mars 2028",
        "radiée le 12 avril 2028",
        "Jusqu’au 12 septembre 2028",
    ):
        assert squeeze(words) in text


def test_only_landlords_with_homes_in_the_wished_department_are_listed(demand):
    def listed() -> list[str]:
        return [name for name, _address in build_attestation(demand).landlords]

    assert listed()[1] == "Grand Dijon Habitat"
    assert len(listed()) == 5
    stock = demand.department.stock.get(organisation__code="grand-dijon-habitat")
    stock.homes = 0
    stock.save()
    assert "Grand Dijon Habitat" not in listed()


def test_what_was_not_declared_leaves_no_empty_row(demand):
    CurrentHousing.objects.filter(pk=demand.pk).update(monthly_cost=None, occupants=None)
    summary = build_attestation(demand).summary
    assert all(label and value for group in summary for label, value in group.rows)
    assert "Loyer et charges" not in [label for group in summary for label, _value in group.rows]


@pytest.mark.parametrize("code", sorted(SENSITIVE_REASONS))
def test_a_paper_that_is_shown_around_tells_nothing_of_violence_or_health(demand, code):
    Reason.objects.create(demand=demand, code=code, position=2)
    summary = str(build_attestation(demand).summary)
    assert str(DemandReason(code).label) not in summary
    assert str(DemandReason.TOO_EXPENSIVE.label) in summary


def test_money_is_printed_the_french_way(demand):
    applicant = demand.persons.get(role="applicant")
    Income.objects.create(person=applicant, kind="SAL", amount=Decimal("1580.35"))
    [resources] = [g for g in build_attestation(demand).summary if g.title == "Ressources"]
    lines = dict(resources.rows)["Demandeur – Marie Durand"]
    assert "Revenu fiscal de référence 2024\xa0: 18\xa0400\xa0€ par an" in lines
    assert [each for each in lines if each.endswith("1\xa0580,35\xa0€ par mois")]


def test_a_counter_without_an_address_still_gives_a_certificate(demand):
    Counter.objects.filter(pk=demand.counter_id).update(address="", postal_code="", city="")
    demand.refresh_from_db()
    text = text_of(attestation_pdf(demand))
    assert "0210426000042GDPUB" in text
    assert squeeze(f", le {day(timezone.localdate())}") not in text


def test_the_first_step_depends_on_the_identity_check(demand):
    demand.state = DemandState.AWAITING_CHECK
    awaiting = build_attestation(demand).next_steps
    demand.state = DemandState.ACTIVE
    assert awaiting[1:] == build_attestation(demand).next_steps
    assert "pièce d’identité" in awaiting[0]


def test_the_letter_speaks_the_language_of_the_demand(demand):
    demand.language = "en"
    pdf = attestation_pdf(demand)
    text = text_of(pdf)
    assert squeeze("Certificate of registration of your demand for social housing") in text
    assert squeeze("1 April 2026") in text
    assert "Attestation" not in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en-GB"


def test_the_file_is_accessible(db):
    with pikepdf.open(io.BytesIO(render_attestation(sample()))) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "fr-FR"
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo.Title).startswith("Attestation d’enregistrement")
        assert document.open_metadata()["pdfuaid:part"] == "1"
        tags = {tag for tag, _parent in walk(root.StructTreeRoot)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI"} <= tags


def walk(node: pikepdf.Object, parent: str = "") -> list[tuple[str, str]]:
    """All structure elements with the tag of their parent."""
    if not isinstance(node, pikepdf.Dictionary):
        return []
    tag = str(node.get("/S", ""))
    children = node.get("/K", [])
    if not isinstance(children, pikepdf.Array):
        children = [children]
    return [(tag, parent), *(found for child in children for found in walk(child, tag))]


def test_every_font_is_embedded(db):
    with pikepdf.open(io.BytesIO(render_attestation(sample()))) as document:
        fonts = [f for page in document.pages for f in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            assert "/ToUnicode" in font


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien-D'Artagnan «Momo»",
        '"quoted" \\ back\\slash',
        '#let x = 1 #import "@preview/a:1.0.0": b',
        "$a^2$ *bold* _it_ `raw` = title <label> @ref",
        "<script>alert(1)</script> &amp; {{ x }} {% y %}",
        '#read("/etc/passwd") #sys.inputs',
        "Łukasz Żółć Œdipe Ñandú Şahin",
        "Ελένη Дмитрий",
        "☺ 😀 ♥",
    ],
)
def test_odd_names_print_literally(db, name):
    data = sample(
        applicants=(name,),
        landlords=((name, name),),
        summary=(SummaryGroup(name, ((name, name),)),),
    )
    assert text_of(render_attestation(data)).count(squeeze(name)) == 7


def test_names_of_every_script_are_printed_with_something_readable(db):
    text = text_of(render_attestation(sample(applicants=("שלום", "مريم", "王小明", "🫠"))))
    assert squeeze("WangXiaoMing") in text
    assert "\ufffd" not in text


def test_invisible_characters_cannot_hide_or_turn_text():
    assert printable("a\u202eb\u200bc\x00d\ud800") == "abc d"
    assert printable({"k": ["é", 1, None]}) == {"k": ["é", 1, None]}


def test_characters_that_no_font_draws_are_replaced_before_typesetting():
    assert printable("\U000e0100x\ue000") == "x\ufffd"


def test_a_template_outside_the_folder_is_refused():
    for name in ("../render", "missing", "attestation.typ", ""):
        with pytest.raises(LetterError):
            render(name, {}, language="fr")


def test_templates_import_nothing_from_the_network():
    for path in rendering.FOLDER.glob("*.typ"):
        assert "@" not in path.read_text(encoding="utf-8")


def test_letters_follow_one_another_without_mixing(db):
    for place in range(50):
        number = f"0210426{place:06d}GDPUB"
        text = text_of(render_attestation(sample(number=number)))
        assert number in text
        assert text.count("GDPUB") == text.count(number)
