"""Addresses of the rule editor, under the editing space."""

from django.urls import path

from . import module, moves, rule, simulation, version

app_name = "rules_admin"
urlpatterns = [
    path("", module.index, name="index"),
    path("<slug:code>/", module.show, name="module"),
    path("<slug:code>/differences/", module.changes, name="changes"),
    path("<slug:code>/simulation/", simulation.simulate, name="simulation"),
    path("<slug:code>/brouillon/", moves.open_draft, name="open"),
    path("<slug:code>/relecture/", moves.submit, name="submit"),
    path("<slug:code>/comparee/", moves.rebase, name="rebase"),
    path("<slug:code>/abandon/", moves.give_up, name="give_up"),
    path("<slug:code>/fiche/", rule.edit_card, name="card"),
    path("<slug:code>/versions/<int:number>/", version.show, name="version"),
    path("<slug:code>/<slug:section>/ajouter/", rule.add_rule, name="add"),
    path("<slug:code>/<slug:section>/<int:number>/", rule.edit_rule, name="edit"),
    path("<slug:code>/<slug:section>/<int:number>/phrase/", rule.read_rule, name="read"),
    path("<slug:code>/<slug:section>/<int:number>/place/", moves.move_rule, name="move"),
]
