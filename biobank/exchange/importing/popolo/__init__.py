"""Popolo, the JSON of people in parliaments: http://www.popoloproject.com/specs/."""
