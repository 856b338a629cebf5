"""Addresses of the online demand: every page has a name that can be read aloud."""

from django.urls import path

from portal.views import communes, conflict, document, people, pieces, review, start, step
from register.form.pages import ANNEX, COMMUNES, DOCUMENT, PEOPLE, QUESTION, Page
from register.form.revisions import every_page

app_name = "portal"

VIEWS = {
    QUESTION: step.step,
    PEOPLE: people.people,
    ANNEX: people.annexes,
    COMMUNES: communes.communes,
    DOCUMENT: document.document,
}


def _routes(page: Page) -> list:
    options = {"key": page.key} if page.kind == QUESTION or page.is_list else {}
    routes = [path(page.path, VIEWS[page.kind], options, name=page.key)]
    if page.is_list:
        person = path(f"{page.path}<slug:person>/", step.step, options, name=f"{page.key}-personne")
        routes.append(person)
    return routes


urlpatterns = [
    path("", start.start, name="start"),
    path("mes-etapes/", start.tasks, name="tasks"),
    *(route for page in every_page() for route in _routes(page)),
    path("piece-identite/fichier/<uuid:file_id>/", document.uploaded, name="uploaded"),
    path("envois/", pieces.begin, name="pieces"),
    path("envois/<uuid:upload_id>/", pieces.piece, name="piece"),
    path("conflit/<str:place>/", conflict.conflict, name="conflict"),
    path("verification/", review.verification, name="verification"),
    path("envoi/", review.send, name="send"),
    path("deposee/<str:number>/", review.sent, name="sent"),
]
