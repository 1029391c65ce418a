"""Published data sets in their own layouts, as a Library. Start with open_data.py."""
