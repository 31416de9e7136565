"""The steps of a month; `parley.schedule` puts them in order."""
