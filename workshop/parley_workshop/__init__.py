"""The live page for trainers (not built yet)."""
