"""Lists of codes: complete, as the nomenclature gives them; offered on their days, told for ever.

The oracle was written from the nomenclatures SNE v02.01 as the domain reference quotes them, never
from the file: a code, and its official label where one was read.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from portal import drafts
from register import clock, code_lists, codes
from register.form.answers import Answers
from register.form.cases import LISTED
from register.form.definition import QUESTIONS
from register.form.fields.codes import flat
from register.form.single import Asked
from register.form.steps.reasons import ReasonsForm
from register.form.steps.resources import IncomeAmountsForm, WorkForm
from register.models import ListedCode
from register.reference.loader import load_reference
from register.vocabulary import build_vocabulary
from register.vocabulary.columns import column
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.types import FactType
from rules.vocabulary import Vocabulary
from tests.factories import make_demand, make_user
from tests.register.test_form_cases import CASES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]

NATIONAL = {
    "Civilité": "1 Monsieur, 2 Madame, 3 Mademoiselle",
    "Nationalité": "1 Française, 2 Union européenne, 3 Hors UE",
    "SituationFamiliale": (
        "C célibataire, M marié, D divorcé, S séparé, P pacsé, U concubin, V veuf"
    ),
    "LienDemandeur": "M conjoint, P pacsé, C concubin, L colocataire",
    "LienParente": "P parent, E enfant, A autre",
    "Sexe": "M, F",
    "Coparentalité": "G garde alternée, D droit de visite",
    "TypeContratTravail": (
        "CDI CDI (ou fonctionnaire), CDD CDD/stage/intérim, ART artisan-commerçant-libéral,"
        " CHO, APP, ETU, RET, AUT"
    ),
    "RessourceRecue": (
        "SAL, RET, CHO, PAR pension alimentaire reçue, PINV, AF, AAH, AEEH, AJPP, RSA,"
        " AMV minimum vieillesse, PAJE, BE bourse, AUT"
    ),
    "RessourceVersee": "PAV",
    "CategorieLogement": "A appartement, M maison",
    "CategorieLogement/recherché": "A appartement, M maison, I indifférent",
    "TypeLogement": "C chambre, T1, T2, T3, T4, T5, T6P T6 et plus",
    "TypeLogement/RPLS": "T1, T2, T3, T4, T5, T6, T7, T8, T9P",
    "ModeleLogement": (
        "HLM, LP locataire privé, RS résidence sociale/foyer/pension de famille, RHVS,"
        " RE résidence étudiant, SLHT sous-locataire ou hébergé à titre temporaire,"
        " SH structure d’hébergement, CDEFCM centre départemental enfance/centre maternel,"
        " CPE chez parents ou enfants, CP chez un particulier, LTG logé gratuit,"
        " FONC logement de fonction, POCC propriétaire occupant, CAMCAR camping-caravaning,"
        " HOT hôtel, SD sans abri/abri de fortune, SQUAT"
    ),
    "MotifDemande": (
        "01 sans logement/hébergé/temporaire, 02 démolition,"
        " 03 non décent; insalubre; dangereux; impropre, 04 repris ou mis en vente,"
        " 05 procédure d’expulsion, 06 violences familiales, 07 handicap, 08 raisons de santé,"
        " 09 trop cher, 10 trop grand, 11 divorce; séparation, 12 décohabitation, 13 trop petit,"
        " 14 futur mariage/concubinage/PACS, 15 regroupement familial,"
        " 16 assistant(e) maternel(le)/familial(e), 17 environnement/voisinage,"
        " 18 mutation professionnelle, 19 rapprochement travail,"
        " 20 rapprochement équipements/services, 21 rapprochement famille,"
        " 22 accédant en difficulté, 23 autre (préciser)"
    ),
    "Handicap/État": "STA stabilisé, EVO évolutif",
    "Handicap/Marches": "1 impossible, 2 1–3 marches, 3 1er étage, 4 plus d’un étage",
    "Handicap/Moteur": "MS membres supérieurs, MI membres inférieurs",
    "Handicap/Sensoriel": "DA auditive, DV visuelle",
    "Handicap/Aide technique": (
        "1 aucune, 2 canne/béquille, 3 déambulateur, 4 fauteuil manuel, 5 fauteuil électrique,"
        " 6 lève-personne, 7 lit médicalisé"
    ),
    "Handicap/Équipement": (
        "1 baignoire adaptée, 2 WC avec espace de transfert, 3 douche sans seuil, 4 ascenseur,"
        " 5 chambre tierce personne, 6 stationnement large 3m30"
    ),
    "MotifsRadiation": (
        "RADATT attribution, RADABA abandon (renonciation), RADCON impossibilité de contacter,"
        " RADIRR irrecevabilité, RADREN non-renouvellement,  déradiation"
    ),
    "MotifsRadiation/RADIRR": "IRRSEJ séjour, IRRRES ressources",
    "TypeReservataire": (
        "COLTER collectivités/EPCI, COLACT employeurs/Action Logement, PPRIOR préfet prioritaires,"
        " PFONCT préfet fonctionnaires, AUTRES, AUCUN hors contingent"
    ),
    "TypeFichier": (
        "CRE création, CRS création suite à séparation, MOD, RAD, REN, SUP suppression,"
        " DIS dispatching, RET retour, COP copie numérique"
    ),
    "StatutDalo": "NON, ACTIF, CADUC, ACTREL actif relogé",
    "ListeTypologieLogementDalo": (
        "01 T1, 02 T2, 03 T3, 04 T4, 05 T5, 06 T6+, 08 individuel, 09 à définir, "
        + ", ".join(f"{code} adapté" for code in (*range(21, 30), 31))
        + ", 30 réorientation hébergement, "
        + ", ".join(f"{code}" for code in range(40, 50))
        + ", 50 sous-location, 99 autre"
    ),
    "AccordCollectif": "ACD départemental, ACI intercommunal, AUCUN, NONDOC",
    "Booléen": "OUI, NON, NONDOC",
    "ZUS": "ZUSOUI, ZUSNON, ZUSNSP",
}
# What the form asks and no national code was read for: codes of this register, said so.
OURS = {
    "LienDemandeur": "ASC DESC FRAT",
    "MotifDemande": "F43 F46 F47 F48",
    "Employeur": "D2 D3 D4 D5 D7",
}


def codes_of(name: str, *, national: bool) -> dict[str, str]:
    listed = code_lists.every()[name].codes
    return {each.code: each.official for each in listed if each.is_national is national}


@pytest.mark.parametrize("name", NATIONAL)
def test_a_national_list_is_whole_and_verbatim(name: str) -> None:
    told = (item.partition(" ") for item in NATIONAL[name].split(", "))
    expected = {code: label.replace(";", ",") for code, _space, label in told}
    assert codes_of(name, national=True) == expected


def test_there_is_no_other_list_and_our_own_codes_are_said_to_be_ours() -> None:
    assert set(code_lists.every()) == {*NATIONAL, *OURS}
    ours = {name: set(codes_of(name, national=False)) for name in code_lists.every()}
    assert {name: found for name, found in ours.items() if found} == {
        name: set(told.split()) for name, told in OURS.items()
    }


def test_no_date_is_invented_and_the_one_obsolete_code_has_none() -> None:
    every = [code for each in code_lists.every().values() for code in each.codes]
    assert not [code for code in every if code.valid_from or code.valid_until]
    assert [code.official for code in every if code.is_obsolete] == ["Mademoiselle"]


def test_each_code_that_the_program_names_is_in_its_list_under_the_same_words() -> None:
    with override("en"):
        for named in code_lists.NAMED:
            known = {each.code: each for each in code_lists.of(named).codes}
            for member in named:
                assert str(member.label) == known[member.value].english == str(known[member].label)


def test_cases_are_those_of_the_form() -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for row in CASES:
        page, _dot, answered = row["answered"].partition(".")
        field, _sign, code = answered.partition("=")
        if (page, field) in LISTED and code:
            told.setdefault((code_lists.NAMED[LISTED[page, field][0]], code), set())
            told[code_lists.NAMED[LISTED[page, field][0]], code] |= {row["case"]} - {""}
    for (name, code), cases in told.items():
        line = code_lists.every()[name].find(code)
        assert line is not None
        both = {
            case for whose in (False, True) for case in line.cases("14069*05", co_applicant=whose)
        }
        assert both == cases, (name, code)


def test_the_table_is_the_file(reference: None) -> None:
    rows = [(row.list_name, row.code, row.official, row.places) for row in ListedCode.objects.all()]
    told = [
        (code.list_name, code.code, code.official, code.places)
        for each in sorted(code_lists.every().values(), key=lambda each: each.name)
        for code in each.codes
    ]
    assert sorted(rows, key=str) == sorted(told, key=str)
    before = ListedCode.objects.count()
    load_reference(report=lambda _line: None)
    assert ListedCode.objects.count() == before


def test_a_web_process_makes_room_once_other_lists_are_loaded(
    reference: None, tmp_path: Path, monkeypatch: Any
) -> None:
    server: Any = ModuleType("server")
    server.__file__ = str(ROOT / "deploy" / "gunicorn.conf.py")
    exec(Path(server.__file__).read_text(), server.__dict__)  # noqa: S102
    server.LISTS_EVERY = 0
    worker = Mock(alive=True)

    def is_served_on() -> bool:
        server.post_request(worker, None, None, None)
        return bool(worker.alive)

    assert is_served_on()
    old, lines, newer = code_lists.every(), list(new_lines()), tmp_path / "codes.csv"
    monkeypatch.setattr(code_lists, "FILE", newer)
    assert is_served_on()
    with newer.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    # There, and not loaded: the version of the register that reads them may still be coming.
    assert is_served_on()
    monkeypatch.setattr(code_lists, "every", lambda: code_lists.read(lines))
    load_reference(report=lambda _line: None)
    assert is_served_on()
    monkeypatch.setattr(code_lists, "every", lambda: old)
    assert not is_served_on()


# A nomenclature to come: a status ends, two begin.
LAST_DAY, FIRST_DAY = date(2027, 3, 31), date(2027, 4, 1)
CHANGED = {("TypeContratTravail", "APP"): {"valid_until": LAST_DAY.isoformat()}}
ADDED = [
    {
        "list": name,
        "code": code,
        "official": french,
        "english": english,
        "14069*05": place,
        "valid_from": FIRST_DAY.isoformat(),
        "valid_until": "",
        "status": "",
        "origin": "national",
        "source": "v03",
    }
    for name, code, french, english, place in (
        ("TypeContratTravail", "INT", "Intérimaire", "Temp", "P6"),
        ("RessourceRecue", "PRA", "Prime d’activité", "In-work benefit", "P7"),
        ("MotifDemande", "24", "Inondation", "Flood", "P8"),
    )
]


def new_lines() -> Iterator[dict[str, str]]:
    with code_lists.FILE.open(encoding="utf-8") as file:
        lines = [
            {**line, **CHANGED.get((line["list"], line["code"]), {})}
            for line in csv.DictReader(file, delimiter=";")
        ]
    order = {line["list"]: place for place, line in enumerate(lines)}
    yield from sorted([*lines, *ADDED], key=lambda line: order[line["list"]])


@pytest.fixture
def nomenclature(monkeypatch: Any) -> None:
    """The lists as a new file would give them: lines changed, lines added, no code."""
    found = code_lists.read(new_lines())
    monkeypatch.setattr(code_lists, "every", lambda: found)


@pytest.fixture
def on() -> Callable[[date], Any]:
    return lambda day: clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def offered(form: Any, name: str) -> set[str]:
    return {str(code) for code, _label in flat(form.fields[name].choices)}


def work(answers: Answers, status: str = "") -> WorkForm:
    return WorkForm({"work_status": status} if status else None, answers=answers)


def test_the_form_offers_the_codes_of_the_day(nomenclature: None, on: Any) -> None:
    with on(LAST_DAY):
        before = offered(work(Answers({})), "work_status")
        assert not work(Answers({}), "INT").is_valid()
    with on(FIRST_DAY):
        after = offered(work(Answers({})), "work_status")
        assert work(Answers({}), "INT").is_valid()
        assert not work(Answers({}), "APP").is_valid()
    assert (before - after, after - before) == ({"APP"}, {"INT"})


def test_a_new_code_takes_its_place_among_groups(nomenclature: None, on: Any) -> None:
    with on(FIRST_DAY), override("fr"):
        groups = ReasonsForm(answers=Answers({})).fields["reasons"].choices
        assert [code for code, _label in groups[-1][1]] == ["23", "24"]
        assert str(groups[-1][1][-1][1]) == "Inondation"


def test_a_draft_keeps_the_lists_of_the_day_it_was_begun(nomenclature: None, on: Any) -> None:
    user = make_user()
    with on(LAST_DAY):
        draft = drafts.change(
            drafts.current(user),
            lambda answers: answers.write("ressources-travail", {"work_status": ["APP"]}),
        )
    with on(FIRST_DAY):
        answers = Answers(drafts.current(user).answers)
        assert answers.begun_on == LAST_DAY
        assert draft.pk == drafts.current(user).pk
        assert work(answers, "APP").is_valid()
        assert not work(answers, "INT").is_valid()


def test_an_amount_is_asked_for_an_income_that_only_the_file_knows(
    nomenclature: None, on: Any
) -> None:
    answers = Answers({"ressources-revenus": {"raw": {"kinds": ["SAL", "PRA"]}}})
    with on(FIRST_DAY), override("fr"):
        fields = IncomeAmountsForm(answers=answers).fields
        assert {name: str(field.label) for name, field in fields.items()} == {
            "amount_SAL": str(codes.IncomeKind.WAGE.label),
            "amount_PRA": "Prime d’activité",
        }


def test_what_a_file_keeps_is_told_and_may_stay_but_is_not_chosen_anew(
    nomenclature: None, on: Any
) -> None:
    demand = make_demand()
    person = demand.persons.get()
    asked = Asked(QUESTIONS["ressources-travail.work_status"], demand, person)
    with on(FIRST_DAY), override("fr"):
        assert asked.said("APP") == str(codes.WorkStatus.APPRENTICE.label)
        assert asked.form("APP", {"work_status": "APP"}).is_valid()
        assert not asked.form("CDI", {"work_status": "APP"}).is_valid()
        assert asked.form("APP", {"work_status": "INT"}).is_valid()


def test_a_code_that_python_does_not_name_is_stored_and_told(nomenclature: None) -> None:
    person = make_demand().persons.get()
    person.work_status, person.title = "INT", "3"
    person.full_clean()
    with override("fr"):
        assert person.get_work_status_display() == "Intérimaire"
        assert person.get_title_display() == "Mademoiselle"
    with override("en"):
        assert person.get_title_display() == "Miss"
    person.work_status = "XYZ"
    with pytest.raises(ValidationError):
        person.full_clean()


def test_an_obsolete_title_is_offered_to_nobody_and_kept_by_whoever_has_it() -> None:
    demand = make_demand()
    asked = Asked(QUESTIONS["identite.title"], demand, demand.persons.get())
    assert not asked.form("2", {"title": "3"}).is_valid()
    assert asked.form("3", {"title": "3"}).is_valid()
    with override("fr"):
        assert str(asked.said("3")) == "Mademoiselle"


def test_a_rule_may_not_name_a_code_that_is_no_longer_given(nomenclature: None) -> None:
    fact = column("status", FactType.CODE, "the work", "", "work_status", choices=codes.WorkStatus)
    known = Vocabulary([fact])

    def rule(code: str) -> dict[str, Any]:
        return {"fact": "demand.status", "op": "is", "value": code}

    parse_condition(rule("APP"), known.dated(LAST_DAY))
    parse_condition(rule("INT"), known.dated(FIRST_DAY))
    with pytest.raises(RuleError):
        parse_condition(rule("APP"), known.dated(FIRST_DAY))


def test_the_vocabulary_of_the_register_follows_its_lists() -> None:
    miss = {"fact": "demand.applicant_title", "op": "is", "value": "3"}
    known = build_vocabulary()
    parse_condition(miss, known)
    with pytest.raises(RuleError):
        parse_condition(miss, known.dated(LAST_DAY))


def test_everybody_reads_the_lists_and_takes_them_as_a_file(client: Client) -> None:
    page = client.get("/listes-de-codes/").content.decode()
    assert "Mademoiselle" in page
    assert "P8 F26 F27" in page
    answer = client.get("/listes-de-codes.csv")
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(lines) == 1 + sum(len(each.codes) for each in code_lists.every().values())
    assert {len(line) for line in lines} == {10}
