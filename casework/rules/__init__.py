"""The rules, pure: answers, dates and calendars go in, values and sentences come out.

Nothing here asks the database; who does, passes on what it found.
"""
