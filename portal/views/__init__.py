"""Screens of the online demand."""
