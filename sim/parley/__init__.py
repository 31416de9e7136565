"""Parley: an agent-based laboratory for company-community relations."""
