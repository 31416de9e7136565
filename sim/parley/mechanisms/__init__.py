"""Mechanisms: pure functions, one file per theory."""
