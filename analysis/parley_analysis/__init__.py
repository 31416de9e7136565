"""From a results folder to an answer."""
