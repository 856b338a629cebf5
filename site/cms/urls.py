"""Addresses of the public site; the last line hands the rest to the page tree."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls

from . import views

urlpatterns = [
    path("recherche/", views.search, {"language": "fr"}, name="search-fr"),
    path("en/search/", views.search, {"language": "en"}, name="search-en"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    # Wagtail's own view, declared like every other; the include below keeps its other names.
    re_path(wagtail_urls.serve_pattern, views.serve, name="wagtail_serve"),
    path("", include("wagtail.urls")),
]
