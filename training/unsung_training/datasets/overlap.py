"""The same song in two data sets: DSD100 and parts of MedleyDB are in MUSDB18, on either side of its split."""

from __future__ import annotations

import re
import unicodedata

from ..library import Library


def title_key(name: str) -> str:
    """Letters and digits of artist and title: `001 - ANiMAL - Clinic A`, `ANiMAL_ClinicA` → `animalclinica`."""
    name = re.sub(r"^\d{3} - ", "", name)
    # Accents come apart from their letters and fall away with the punctuation.
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", name)).casefold()


def without_songs_of(library: Library, held_out: Library) -> Library:
    """`library` less the songs that `held_out` has, by artist and title, whatever the data set."""
    names = {title_key(song.name) for song in held_out.songs}
    return Library(tuple(s for s in library.songs if title_key(s.name) not in names),
                   library.voices, library.accompaniments)
