"""Addresses of the applicant's space."""

from django.urls import path

from portal.space.views import (
    account,
    corrections,
    documents,
    giving_up,
    home,
    mandates,
    messages,
    modifying,
    papers,
    preferences,
    privacy,
    summary,
)

app_name = "space"
urlpatterns = [
    path("", home.home, name="home"),
    path("retrouver/", account.link, name="link"),
    path("mandats/<int:mandate>/", account.accept, name="accept-mandate"),
    path("attestation/", papers.only_attestation, name="only-attestation"),
    path("<slug:number>/", home.demand_page, name="demand"),
    path("<slug:number>/declaration/", summary.summary, name="summary"),
    path("<slug:number>/declaration/<slug:part>/", modifying.modify, name="modify"),
    path(
        "<slug:number>/declaration/<slug:part>/<slug:someone>/",
        modifying.modify_person,
        name="modify-person",
    ),
    path("<slug:number>/historique/", summary.history, name="history"),
    path("<slug:number>/corrections/", corrections.corrections, name="corrections"),
    path("<slug:number>/corrections/<int:correction>/", corrections.correction, name="correction"),
    path("<slug:number>/attestation/", papers.attestation, name="attestation"),
    path("<slug:number>/renouvellement/", papers.renewal, name="renewal"),
    path("<slug:number>/renoncer/", giving_up.giving_up, name="give-up"),
    path("<slug:number>/documents/", documents.documents, name="documents"),
    path("<slug:number>/documents/<uuid:stored_file>/", documents.document_file, name="file"),
    path("<slug:number>/messages/", messages.messages, name="messages"),
    path("<slug:number>/acces/", privacy.access_page, name="access"),
    path("<slug:number>/mes-donnees/", privacy.data, name="data"),
    path("<slug:number>/notes/", privacy.ask_notes, name="ask-notes"),
    path("<slug:number>/mon-dossier/", privacy.file_to_read, name="file-to-read"),
    path("<slug:number>/nous-vous-ecrivons/", preferences.preferences, name="preferences"),
    path("<slug:number>/aide/", mandates.mandates, name="mandates"),
    path("<slug:number>/aide/<int:mandate>/fin/", mandates.end_mandate, name="end-mandate"),
]
