"""Where each page of the demand is, and how to come back to the summary."""

from django.urls import reverse

from register.form.pages import Page

RETURN = "retour"
TO_REVIEW = "verification"


def url_of(page: Page, person: str = "", *, to_review: bool = False) -> str:
    """Address of a page, coming back to the summary if asked."""
    if person:
        address = reverse(f"portal:{page.key}-personne", args=[person])
    else:
        address = reverse(f"portal:{page.key}")
    return f"{address}?{RETURN}={TO_REVIEW}" if to_review else address
