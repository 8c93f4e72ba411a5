"""Popolo, a JSON format for people in parliaments: http://www.popoloproject.com/specs/."""
