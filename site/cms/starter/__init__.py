"""The texts a new installation starts with, one file a page."""
