"""From one question to many runs."""
