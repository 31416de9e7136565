"""Studies: questions with their designs. What came out is read by `parley_analysis`."""
