"""The reduced model W, written several ways: one file each, the same rules in all of them."""
