"""Puts the add-in into the user's spreadsheet programs, takes it out again, and says what is wrong."""
