"""The live page for trainers: what a room sees, decides and compares, offline, in one process tree.

Reading order: `board` (what the room has set), `frames` (what a month looks like on the page),
`stream` (who runs months), `session` (one trainer's screen without any page), `page` (the page).
"""
