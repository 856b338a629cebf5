"""Pages of the public site."""

from .base import PublicPage
from .faq import FaqPage
from .guides import GuideIndexPage, GuidePage
from .home import HomePage
from .legal import LegalPage
from .news import NewsIndexPage, NewsPage
from .reference import CharterPage, DirectoryPage
from .starter import StarterRecord

__all__ = [
    "CharterPage",
    "DirectoryPage",
    "FaqPage",
    "GuideIndexPage",
    "GuidePage",
    "HomePage",
    "LegalPage",
    "NewsIndexPage",
    "NewsPage",
    "PublicPage",
    "StarterRecord",
]
