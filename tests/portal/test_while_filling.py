"""What the form tells while it is filled in: what is missing, and what the rules make of it."""

import pytest
from django.test import Client

from register.templatetags.shell import euros
from tests.portal.demand import fill_minimum, post


def test_the_meter_names_each_answer_that_is_still_missing(applicant: Client) -> None:
    post(applicant, "logement-actuel", {"kind": "LP"})
    page = applicant.get("/demande/mes-etapes/").content.decode()
    assert 'value="1"' in page
    for missing in ("Date de naissance", "Communes", "Nationalité"):
        assert missing in page.partition("Il manque encore")[2], missing
    fill_minimum(applicant)
    page = applicant.get("/demande/mes-etapes/").content.decode()
    assert 'max="11" value="11"' in page
    assert "Il manque encore" not in page


@pytest.mark.usefixtures("reference")
def test_each_figure_is_told_with_the_rule_that_computed_it(applicant: Client) -> None:
    fill_minimum(applicant)
    post(applicant, "ressources", {"tax_income_n2": "21 000", "tax_income_n1": "18 900"})
    for address in ("/demande/mes-etapes/", "/demande/verification/"):
        page = applicant.get(address).content.decode()
        # Lower by exactly 10 %: the last year counts.
        assert euros(18_900) in page
        for told in ("Personnes à loger", "Unités de consommation", "PLUS", "R441-1", "version 2"):
            assert told in page, (address, told)
        shown = page.partition("Calculé d’après ces réponses")[2].partition("<details")[0]
        assert "1 personne à loger" in shown, address
        assert "PLUS" in shown, address
    post(applicant, "ressources", {"tax_income_n2": "21 000", "tax_income_n1": "18 901"})
    assert euros(21_000) in applicant.get("/demande/verification/").content.decode()
