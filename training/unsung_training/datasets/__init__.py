"""Data sets that others have, in their published layouts, as a Library. open_data.py is the way in."""
