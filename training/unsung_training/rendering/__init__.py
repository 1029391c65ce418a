"""Random backing music, to widen the accompaniments: music.py writes it, instruments.py plays it, desk.py mixes it."""
