"""Institutions: Mesa agents that decide and pay."""
