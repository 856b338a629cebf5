"""Installing modules: what is accepted is kept as it was, with its number, day and fingerprint."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from rules import registry
from rules.charter import chapters
from rules.disk import check, read_package, read_packages
from rules.errors import RuleError
from rules.installation import Change
from rules.models import RuleModule, RuleModuleVersion

from .modules import BOTH, GUARD, deadline, field_rule, grant, install_from, manifest, write
from .world import TODAY, VOCABULARY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tiny_vocabulary(monkeypatch):
    monkeypatch.setattr(registry, "_vocabulary", VOCABULARY)


def small(root, value=1, version=1):
    write(root, manifest(version=version), {"deadlines": [deadline(value)]})


def test_the_same_content_again_changes_nothing(tmp_path):
    small(tmp_path)
    assert install_from(tmp_path) == [Change.INSTALLED]
    assert install_from(tmp_path, TODAY + timedelta(days=1)) == [Change.UNCHANGED]
    version = RuleModuleVersion.objects.get()
    assert (version.number, version.effective_from) == (1, TODAY)


def test_other_content_needs_a_higher_number(tmp_path):
    small(tmp_path)
    install_from(tmp_path)
    small(tmp_path, value=2)
    with pytest.raises(RuleError, match="2"):
        install_from(tmp_path)
    assert registry.get("tiny").body.get("answer").value == 1


def test_a_new_version_supersedes_the_one_before_and_the_past_stays_known(tmp_path):
    small(tmp_path)
    install_from(tmp_path, date(2026, 1, 1))
    small(tmp_path, value=2, version=3)
    install_from(tmp_path, date(2026, 6, 1))

    def value(on=None):
        return [m.body.get("answer").value for m in registry.in_force("deadlines", on)]

    assert value() == [2]
    assert value(date(2026, 6, 1)) == [2]
    assert value(date(2026, 5, 31)) == [1]
    assert value(date(2025, 12, 31)) == []
    assert [v.state for v in RuleModuleVersion.objects.order_by("number")] == [
        "superseded",
        "in_force",
    ]


def test_a_module_that_fails_its_own_test_case_is_refused_and_nothing_is_installed(tmp_path):
    small(tmp_path)
    case = {"name": "an answer takes two months", "deadline": "answer", "expect": "2 months"}
    write(tmp_path, manifest("wrong"), {"deadlines": [deadline()]}, [case])
    with pytest.raises(RuleError, match="two months"):
        install_from(tmp_path)
    assert not RuleModule.objects.exists()


@pytest.mark.parametrize(
    ("row", "action", "expect"),
    [
        ({"row.state": "open", "row.urgent": False}, "view", "granted"),
        ({"row.state": "open", "row.urgent": True}, "view", "denied by urgent"),
        ({"row.state": "open"}, "view", "denied by urgent"),
        ({"row.state": "closed", "row.urgent": False}, "view", "refused"),
        ({"row.urgent": False}, "view", "refused"),
        ({"row.state": "open", "row.urgent": False}, "edit", "refused"),
    ],
)
def test_what_is_unknown_neither_opens_nor_spares(tmp_path, row, action, expect):
    case = {"name": "n", "principal": {"principal.kind": "a"}, "row": row, "action": action}
    case |= {"expect": expect}
    body = {"grants": [grant()], "guards": [GUARD]}
    write(tmp_path, manifest(kind="rights"), body, [case])
    check(read_packages(tmp_path, VOCABULARY), VOCABULARY, TODAY)
    case["expect"] = "granted" if expect != "granted" else "refused"
    write(tmp_path, manifest(kind="rights"), body, [case])
    with pytest.raises(RuleError):
        check(read_packages(tmp_path, VOCABULARY), VOCABULARY, TODAY)


@pytest.mark.parametrize(
    ("row", "expect"),
    [
        ({"row.state": "open", "row.urgent": True}, {"identity": "write", "health": "masked"}),
        ({"row.state": "open"}, {"identity": "read", "contact": "none"}),
        ({"row.state": "closed"}, {"identity": "none", "health": "none"}),
        ({}, {"identity": "none"}),
    ],
)
def test_the_widest_level_among_the_rules_that_are_true_is_disclosed(tmp_path, row, expect):
    case = {"name": "n", "principal": {"principal.kind": "a"}, "row": row, "expect": expect}
    urgent = {"all": [field_rule()["row"], GUARD["deny_when"]]}
    wider = field_rule(code="wider", row=urgent, levels={"identity": "write"})
    body = {"rules": [field_rule(levels={"identity": "read", "health": "masked"}), wider]}
    write(tmp_path, manifest(kind="fields"), body, [case])
    check(read_packages(tmp_path, VOCABULARY), VOCABULARY, TODAY)
    case["expect"] = expect | {"identity": "masked"}
    write(tmp_path, manifest(kind="fields"), body, [case])
    with pytest.raises(RuleError, match="identity"):
        check(read_packages(tmp_path, VOCABULARY), VOCABULARY, TODAY)


@pytest.mark.parametrize(
    ("kind", "body", "path"),
    [
        ("weather", {}, "manifest.kind"),
        ("rights", {}, ""),
        ("rights", {"grants": [grant(row={"fact": "row.no", "op": "is"})]}, "grants[0].row.fact"),
        ("rights", {"grants": [grant(principal=GUARD["deny_when"])]}, "grants[0].principal.fact"),
        ("rights", {"grants": [grant(actions=["fly"])]}, "grants[0].actions[0]"),
        ("rights", {"grants": [grant(actions=[["view"]])]}, "grants[0].actions[0]"),
        ("rights", {"grants": [grant(actions=[])]}, "grants[0].actions"),
        ("rights", {"grants": [grant(fields={"diary": "read"})]}, "grants[0].fields"),
        ("rights", {"grants": [grant(fields={"health": "all"})]}, "grants[0].fields.health"),
        ("fields", {}, ""),
        ("fields", {"rules": [field_rule(levels={})]}, "rules[0].levels"),
        ("fields", {"rules": [field_rule(levels={"diary": "read"})]}, "rules[0].levels"),
        ("fields", {"rules": [field_rule(levels={"health": "all"})]}, "rules[0].levels.health"),
        (
            "fields",
            {"rules": [field_rule(principal=GUARD["deny_when"])]},
            "rules[0].principal.fact",
        ),
        ("fields", {"rules": [field_rule(), field_rule()]}, "rules[1].code"),
        ("rights", {"grants": [grant(title={"fr": "Titre"})]}, "grants[0].title"),
        ("rights", {"grants": [grant(), grant()]}, "grants[1].code"),
        ("rights", {"grants": [], "guards": [GUARD | {"actions": "all"}]}, "guards[0].actions"),
        ("deadlines", {"deadlines": [deadline(0)]}, "deadlines[0].value"),
        ("deadlines", {"deadlines": [deadline(unit="fortnights")]}, "deadlines[0].unit"),
        ("deadlines", {"deadlines": [deadline(code="Réponse")]}, "deadlines[0].code"),
        ("deadlines", {"deadlines": [deadline(legal_basis=" ")]}, "deadlines[0].legal_basis"),
        ("deadlines", {"deadlines": [deadline(chapter="8")]}, "deadlines[0].chapter"),
        ("deadlines", {"deadlines": [deadline(chapter=99)]}, "answer"),
        ("documents", {"documents": [{"code": "identity"}]}, "documents[0]"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_where_it_stands(tmp_path, kind, body, path):
    folder = write(tmp_path, manifest(kind=kind), body)
    with pytest.raises(RuleError) as refusal:
        read_package(folder, VOCABULARY)
    assert refusal.value.path == (f"tiny: {path}" if path else "tiny")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"version": 0}, "manifest.version"),
        ({"version": "1"}, "manifest.version"),
        ({"territory": 21}, "manifest.territory"),
        ({"author": ""}, "manifest.author"),
        ({"mood": "good"}, "manifest"),
        ({"chapter": {"number": "8", "title": BOTH}}, "manifest.chapter.number"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused_where_it_stands(tmp_path, changes, path):
    folder = write(tmp_path, manifest(**changes), {"deadlines": []})
    with pytest.raises(RuleError) as refusal:
        read_package(folder, VOCABULARY)
    assert refusal.value.path == f"tiny: {path}"


def test_files_that_are_missing_misnamed_or_broken_are_named(tmp_path):
    folder = write(tmp_path, manifest(), {"deadlines": []})
    (folder / "body.json").write_text("{", encoding="utf-8")
    with pytest.raises(RuleError, match=r"body\.json"):
        read_package(folder, VOCABULARY)
    (folder / "body.json").unlink()
    with pytest.raises(RuleError, match=r"body\.json"):
        read_package(folder, VOCABULARY)
    renamed = folder.rename(tmp_path / "other")
    with pytest.raises(RuleError, match="other"):
        read_package(renamed, VOCABULARY)


@pytest.mark.parametrize(
    "written",
    ["[" * 200_000, '{"not":' * 200_000, '[{"expect": NaN}]', "[-Infinity]", " " * 3_000_000],
    ids=["nested lists", "nested conditions", "not a number", "infinite", "giant"],
)
def test_what_no_reading_could_end_is_refused_by_name_and_without_a_trace(tmp_path, written):
    folder = write(tmp_path, manifest(), {"deadlines": []})
    (folder / "tests.json").write_text(written, encoding="utf-8")
    with pytest.raises(RuleError, match=r"tests\.json"):
        read_package(folder, VOCABULARY)


def test_a_name_written_twice_is_refused_rather_than_lost(tmp_path):
    folder = write(tmp_path, manifest(), {"deadlines": []})
    twice = json.dumps({"deadlines": [deadline(1)]})[:-1] + ', "deadlines": []}'
    (folder / "body.json").write_text(twice, encoding="utf-8")
    with pytest.raises(RuleError, match="deadlines"):
        read_package(folder, VOCABULARY)


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_a_text_that_no_database_could_keep_is_refused_where_it_stands(tmp_path, character):
    """PostgreSQL refuses the null character, and a lone surrogate has no fingerprint."""
    odd = {**deadline(1), "legal_basis": f"CCH {character}"}
    write(tmp_path, manifest(), {"deadlines": [deadline(2)]})
    body = json.dumps({"deadlines": [odd]})
    [folder] = tmp_path.iterdir()
    (folder / "body.json").write_text(body, encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        read_package(folder, VOCABULARY)
    assert "body.deadlines[0].legal_basis" in refused.value.path


def test_modules_are_installed_after_those_they_depend_on(tmp_path):
    write(tmp_path, manifest("a-last", depends=["z-first"]), {"deadlines": []})
    with pytest.raises(RuleError, match="z-first"):
        install_from(tmp_path)
    write(tmp_path, manifest("z-first"), {"deadlines": []})
    assert [p.manifest.code for p in read_packages(tmp_path, VOCABULARY)] == ["z-first", "a-last"]
    install_from(tmp_path)
    write(tmp_path, manifest("z-first", depends=["a-last"]), {"deadlines": []})
    with pytest.raises(RuleError):
        read_packages(tmp_path, VOCABULARY)


def test_a_module_keeps_its_kind_and_its_territory(tmp_path):
    small(tmp_path)
    install_from(tmp_path)
    write(tmp_path, manifest(version=2, territory="71"), {"deadlines": []})
    with pytest.raises(RuleError):
        install_from(tmp_path)


def test_an_installed_version_is_neither_changed_nor_deleted(tmp_path):
    small(tmp_path)
    install_from(tmp_path)
    version = RuleModuleVersion.objects.get()
    version.title_fr = "Autre"
    for change in (
        version.save,
        version.delete,
        lambda: RuleModuleVersion.objects.update(title_fr="Autre"),
        lambda: RuleModuleVersion.objects.all().delete(),
        lambda: RuleModuleVersion.objects.bulk_update([version], ["title_fr"]),
    ):
        with pytest.raises(RuleError), transaction.atomic():
            change()
    assert RuleModuleVersion.objects.get().title_fr == "Petits délais"


def test_the_database_holds_one_version_in_force_and_one_of_each_number(tmp_path):
    small(tmp_path)
    install_from(tmp_path)
    first = RuleModuleVersion.objects.get()
    for number, state in ((2, "in_force"), (1, "superseded"), (0, "superseded"), (3, "gone")):
        copy = RuleModuleVersion.objects.get()
        copy.pk, copy._state.adding = None, True
        copy.number, copy.state = number, state
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()
    assert RuleModuleVersion.objects.get() == first


def test_modules_in_force_cost_one_small_query_and_none_when_remembered(
    tmp_path, django_assert_num_queries
):
    small(tmp_path)
    install_from(tmp_path)
    registry.in_force("deadlines")
    with django_assert_num_queries(1):
        first = registry.in_force("deadlines")
    with registry.remembered():
        registry.in_force("deadlines")
        with django_assert_num_queries(0):
            assert registry.in_force("deadlines") is first
    small(tmp_path, value=2, version=2)
    install_from(tmp_path)
    assert registry.in_force("deadlines")[0].number == 2


def test_a_module_that_is_not_installed_is_a_lookup_error():
    with pytest.raises(LookupError):
        registry.get("tiny")


def test_without_a_vocabulary_nothing_is_read(monkeypatch):
    monkeypatch.setattr(registry, "_vocabulary", None)
    with pytest.raises(ImproperlyConfigured):
        registry.in_force("rights")


def test_the_charter_puts_each_rule_in_its_chapter_with_its_version(tmp_path):
    other = {"number": 9, "title": {"fr": "Suite", "en": "More"}}
    items = [deadline(), deadline(code="later", chapter=9, unit="working_days", value=5)]
    write(tmp_path, manifest(other_chapters=[other]), {"deadlines": items})
    install_from(tmp_path)
    eight, nine = chapters("fr")
    assert (eight.number, eight.title, eight.summaries) == (8, "Délais", ["Résumé"])
    assert (nine.number, nine.title, nine.summaries) == (9, "Suite", [])
    rule = eight.rules[0]
    assert rule.parts == (
        ("Délai", "1\u00a0mois."),
        ("Compté à partir de", "Le jour du dépôt de la demande."),
        ("", "Répondez."),
    )
    assert rule.sentence.startswith("Délai\u00a0: 1\u00a0mois.\nCompté à partir de\u00a0: Le jour")
    assert (rule.legal_basis, rule.version, rule.effective_from) == ("Article 2", 1, TODAY)
    assert rule.content_hash == RuleModuleVersion.objects.get().content_hash
    assert chapters("en")[1].rules[0].sentence == (
        "Delay: 5 working days.\nRuns from: The day the demand was handed in.\n"
        "Counting: Saturdays, Sundays and public holidays do not count.\nAnswer."
    )


def command(*arguments):
    out = StringIO()
    call_command("rules", *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


def test_the_command_checks_installs_exports_and_explains(tmp_path):
    folder = tmp_path / "modules"
    folder.mkdir()
    write(folder, manifest(kind="rights"), {"grants": [grant()], "guards": [GUARD]})
    assert "tiny 1" in command("check", "--modules", str(folder))
    assert not RuleModule.objects.exists()
    assert "installed" in command("install", "--modules", str(folder))
    assert "unchanged" in command("install", "--modules", str(folder))
    command("export", str(tmp_path / "out"))
    exported = read_package(tmp_path / "out" / "tiny", VOCABULARY)
    assert exported.content_hash == RuleModuleVersion.objects.get().content_hash
    assert "Article 3" in command("explain", "tiny", "--language", "en")
    facts = ("--principal", '{"principal.kind": "a"}', "--row", '{"row.state": "open"}')
    assert command("explain", "tiny", *facts).strip() == "denied by urgent"


def test_the_command_tells_a_mistake_without_a_trace(tmp_path):
    with pytest.raises(CommandError):
        command("check", "--modules", str(tmp_path))
    write(tmp_path, manifest(version=0), {"deadlines": []})
    with pytest.raises(CommandError, match=r"manifest\.version"):
        command("check", "--modules", str(tmp_path))
    with pytest.raises(CommandError, match="nothing"):
        command("export", str(tmp_path), "nothing")


def test_a_module_that_is_refused_stops_no_other_and_the_command_says_which_and_why(tmp_path):
    def deliver(code, value=1, version=1, **card):
        write(tmp_path, manifest(code, version=version, **card), {"deadlines": [deadline(value)]})

    for code in ("older", "needing", "tiny"):
        deliver(code, version=4)
    command("install", "--modules", str(tmp_path))
    deliver("older", 2, version=3)
    deliver("needing", 2, version=5, depends=["older"])
    deliver("round", depends=["tour"])
    deliver("tour", depends=["round"])
    deliver("tiny", 2, version=5)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    with pytest.raises(CommandError) as told:
        command("install", "--modules", str(tmp_path))
    *reasons, last = str(told.value).splitlines()
    assert [line.split(":")[0] for line in reasons] == [
        "broken",
        "round",
        "tour",
        "older",
        "needing",
    ]
    assert all(number in reasons[3] for number in "43")
    assert "older" in reasons[4]
    assert last.endswith("broken, round, tour, older, needing")
    governing = {m.code: m.body.get("answer").value for m in registry.in_force("deadlines")}
    assert governing == {"older": 1, "needing": 1, "tiny": 2}
