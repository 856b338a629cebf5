"""Addresses of the whole house: one line per room."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve

urlpatterns = [
    path("demande/", include("portal.urls.demand")),
    path("mon-espace/", include("portal.urls.space")),
    path("renouveler/", include("portal.urls.renewal")),
    path("simulateur/", include("portal.urls.simulator")),
    path("bureau/statistiques/", include("observatory.desk_urls")),
    path("bureau/", include("backoffice.urls")),
    path("observatoire/", include("observatory.urls")),
    path("", include("exchange.urls")),
    path("", include("register.web.urls")),
    path("compte/", include("allauth.urls")),
    path("langue/", include("django.conf.urls.i18n")),
    path("documents/", include("wagtail.documents.urls")),
    path("edition/", include("wagtail.admin.urls")),
    path("", include("cms.urls")),
]

if settings.DEMO:
    # The editors' pictures; in production the proxy serves them. Never applicants' files (R3).
    pictures = re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})
    urlpatterns.insert(0, pictures)
