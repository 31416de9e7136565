"""The people's month in compiled passes; an optional twin of the steps (extra `fast`)."""
