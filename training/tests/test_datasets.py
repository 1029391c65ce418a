"""Loaders: every data set's published layout, made up in miniature, against the samples that were written."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
from sounds import RATE, tone, write_stem_container, write_wav

from unsung_training.audio_cache import FULL_SCALE, AudioCache
from unsung_training.datasets.layout import DataError, held_out
from unsung_training.datasets.musdb18 import VALID
from unsung_training.datasets.open_data import open_data, parse
from unsung_training.datasets.overlap import title_key, without_songs_of
from unsung_training.decode import decode
from unsung_training.library import Library
from unsung_training.sources import HEADROOM, channel, label, sum_of

DRUMS, BASS, OTHER, VOICE = (tone(hertz) for hertz in (90, 130, 700, 1200))
BACKING = HEADROOM * (DRUMS + BASS + OTHER)
METADATA = """
artist: A Classic Example
has_bleed: '{bleed}'
instrumental: '{instrumental}'
stem_dir: {name}_STEMS
stems:
"""


class Loaders(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "set"
        self.cache = AudioCache(Path(folder.name) / "cache", RATE)

    def samples(self, source) -> np.ndarray:
        return self.cache.load(source).astype(np.float32) / FULL_SCALE

    def assert_song(self, library: Library, vocals: np.ndarray, backing: np.ndarray, number: int = 0) -> None:
        """Every channel of both stems, to two steps of 16 bits."""
        for source, truth in ((library.songs[number].vocals, vocals), (library.songs[number].accompaniment, backing)):
            sound = self.samples(source)
            np.testing.assert_allclose(sound, np.broadcast_to(truth, sound.shape), atol=2 / FULL_SCALE)

    def open(self, name: str, split: str = "train") -> Library:
        return open_data([f"{name}:{self.root}"], split)

    def test_musdb18_takes_vocals_from_the_last_stream_and_sums_the_other_three(self) -> None:
        streams = [VOICE + DRUMS + BASS + OTHER, DRUMS, BASS, OTHER, VOICE]
        write_stem_container(self.root / "train" / "An Artist - A Song.stem.mp4", streams)
        library = self.open("musdb18")
        self.assertEqual([(s.group, s.name) for s in library.songs], [("musdb18", "An Artist - A Song")])
        self.assertEqual(self.samples(library.songs[0].vocals).shape, (2, RATE))
        self.assert_song(library, HEADROOM * VOICE, BACKING)

    def write_hq(self, part: str, title: str) -> None:
        for name, sound in (("drums", DRUMS), ("bass", BASS), ("other", OTHER), ("vocals", VOICE)):
            write_wav(self.root / part / title / f"{name}.wav", sound, sound)
        write_wav(self.root / part / title / "mixture.wav", *[DRUMS + BASS + OTHER + VOICE] * 2)

    def test_musdb18hq_sums_its_wav_files_and_keeps_the_published_validation_songs(self) -> None:
        valid = sorted(VALID)[0]
        self.write_hq("train", "An Artist - A Song")
        self.write_hq("train", valid)
        self.write_hq("test", "Another - Test Song")
        names = {split: [song.name for song in self.open("musdb18hq", split).songs] for split in ("train", "valid", "test", "all")}
        self.assertEqual(names["train"], ["An Artist - A Song"])
        self.assertEqual(names["valid"], [valid])
        self.assertEqual(names["test"], ["Another - Test Song"])
        self.assertEqual(len(names["all"]), 3)
        self.assert_song(self.open("musdb18hq"), HEADROOM * VOICE, BACKING)

    def test_dsd100_reads_its_sources_and_keeps_dev_from_test(self) -> None:
        for part, title in (("Dev", "051 - A - Dev Song"), ("Test", "001 - B - Test Song")):
            for name, sound in (("drums", DRUMS), ("bass", BASS), ("other", OTHER), ("vocals", VOICE)):
                write_wav(self.root / "Sources" / part / title / f"{name}.wav", sound, sound)
            write_wav(self.root / "Mixtures" / part / title / "mixture.wav", VOICE + DRUMS)
        self.assertEqual([song.name for song in self.open("dsd100", "test").songs], ["001 - B - Test Song"])
        library = self.open("dsd100")
        self.assertEqual([song.name for song in library.songs], ["051 - A - Dev Song"])
        self.assert_song(library, HEADROOM * VOICE, BACKING)

    def test_mir1k_has_the_accompaniment_left_and_the_voice_right(self) -> None:
        write_wav(self.root / "Wavfile" / "amy_1_01.wav", OTHER, VOICE)
        library = self.open("mir1k", "all")
        self.assertEqual(library.songs[0].name, "amy_1_01")
        self.assertEqual(self.samples(library.songs[0].vocals).shape, (1, RATE))
        self.assert_song(library, VOICE, OTHER)

    def test_mir1k_prefers_the_undivided_songs(self) -> None:
        write_wav(self.root / "Wavfile" / "amy_1_01.wav", OTHER, VOICE)
        write_wav(self.root / "UndividedWavfile" / "amy_1.wav", BASS, VOICE)
        library = self.open("mir1k", "all")
        self.assertEqual([song.name for song in library.songs], ["amy_1"])
        self.assert_song(library, VOICE, BASS)

    def test_ikala_has_the_accompaniment_left_and_the_voice_right(self) -> None:
        write_wav(self.root / "Wavfile" / "10161_chorus.wav", OTHER, VOICE)
        write_wav(self.root / "PitchLabel" / "10161_chorus.pv", OTHER)
        self.assert_song(self.open("ikala", "all"), VOICE, OTHER)

    def test_ccmixter_has_the_instrumental_first_and_the_vocals_second(self) -> None:
        for name, sound in (("mix", VOICE + OTHER), ("source-01", OTHER), ("source-02", VOICE)):
            write_wav(self.root / "a_song" / f"{name}.wav", sound, sound)
        self.assert_song(self.open("ccmixter", "all"), VOICE, OTHER)

    def write_medley(self, name: str, stems: list[tuple[str, str, np.ndarray]], bleed: str = "no", instrumental: str = "no") -> None:
        text = METADATA.format(bleed=bleed, instrumental=instrumental, name=name)
        for n, (instrument, component, sound) in enumerate(stems, 1):
            file = f"{name}_STEM_{n:02d}.wav"
            text += f"  S{n:02d}:\n    component: '{component}'\n    filename: {file}\n    instrument: {instrument}\n"
            write_wav(self.root / "Audio" / name / f"{name}_STEMS" / file, sound, sound)
        (self.root / "Audio" / name / f"{name}_METADATA.yaml").write_text(text)

    def test_medleydb_tells_voices_by_the_instrument_and_not_by_the_melody(self) -> None:
        self.write_medley("AnArtist_ASong", [
            ("drum set", "", DRUMS), ("electric bass", "bass", BASS), ("tenor saxophone", "melody", OTHER),
            ("female singer", "melody", VOICE), ("vocalists", "", 0.5 * VOICE), ("fx/processed sound", "", tone(3000))])
        self.assert_song(self.open("medleydb", "all"), HEADROOM * 1.5 * VOICE, BACKING)

    def test_medleydb_leaves_bleeding_songs_out_unless_they_are_asked_for(self) -> None:
        self.write_medley("Bleeding_Song", [("male singer", "melody", VOICE), ("piano", "", OTHER)], bleed="yes")
        self.write_medley("Clean_Song", [("male rapper", "melody", VOICE), ("piano", "", OTHER)])
        self.assertEqual([song.name for song in self.open("medleydb", "all").songs], ["Clean_Song"])
        self.assertEqual(len(self.open("medleydb+bleed", "all").songs), 2)

    def test_medleydb_instrumentals_are_accompaniments_and_mixed_stems_are_left_out(self) -> None:
        self.write_medley("An_Instrumental", [("piano", "melody", OTHER), ("drum set", "", DRUMS)], instrumental="yes")
        self.write_medley("Two_Together", [("[male singer, acoustic guitar]", "melody", VOICE), ("piano", "", OTHER)])
        with self.assertLogs("unsung_training", "WARNING") as said:
            library = self.open("medleydb", "all")
        self.assertIn("Two_Together", said.output[0])
        self.assertEqual(library.songs, ())
        sound = self.samples(library.accompaniments["medleydb"][0])
        np.testing.assert_allclose(sound[0], HEADROOM * (OTHER + DRUMS), atol=2 / FULL_SCALE)

    def test_several_sets_become_one_library(self) -> None:
        write_wav(self.root / "mir" / "Wavfile" / "amy_1_01.wav", OTHER, VOICE)
        write_wav(self.root / "own" / "songs" / "set" / "song" / "vocals.wav", VOICE)
        write_wav(self.root / "own" / "songs" / "set" / "song" / "accompaniment.wav", BASS)
        write_wav(self.root / "own" / "voices" / "pool" / "a.wav", VOICE)
        library = open_data([f"mir1k:{self.root / 'mir'}", str(self.root / "own"), f"folder:{self.root / 'own'}"], "all")
        self.assertEqual([song.group for song in library.songs], ["mir1k", "set", "set"])
        self.assertEqual(len(library.voices["pool"]), 2)

    def test_a_wrong_folder_is_told_with_what_was_expected_and_found_and_what_it_looks_like(self) -> None:
        self.write_hq("train", "An Artist - A Song")
        with self.assertRaises(DataError) as told:
            self.open("musdb18")
        for words in ("musdb18:", ".stem.mp4", "found train/", f"say musdb18hq:{self.root}"):
            self.assertIn(words, str(told.exception))

    def test_a_missing_folder_a_missing_stem_and_an_unknown_set_are_told(self) -> None:
        with self.assertRaisesRegex(DataError, "there is no such folder"):
            self.open("ikala")
        write_wav(self.root / "a_song" / "source-01.wav", OTHER)
        with self.assertRaisesRegex(DataError, r"a_song has no source-02\.wav; found source-01\.wav"):
            self.open("ccmixter")
        with self.assertRaisesRegex(DataError, "musdb is no data set that is known; there are .*musdb18"):
            open_data([f"musdb:{self.root}"], "train")

    def test_a_set_without_songs_for_the_split_is_told(self) -> None:
        self.write_hq("train", "An Artist - A Song")
        with self.assertRaisesRegex(DataError, "has no songs for test"):
            self.open("musdb18hq", "test")

    def test_a_plain_folder_keeps_its_colons(self) -> None:
        folder = self.root / "odd:name"
        folder.mkdir(parents=True)
        self.assertEqual(parse(str(folder)), ("folder", folder))

    def test_the_same_file_by_other_channels_has_another_place_in_the_cache(self) -> None:
        path = write_wav(self.root / "a.wav", OTHER, VOICE)
        places = {self.cache.path(source) for source in (path, channel(path, 0), channel(path, 1), sum_of([path]))}
        self.assertEqual(len(places), 4)
        self.assertTrue(label(channel(path, 0)).endswith("set/a.wav"))

    def test_stems_of_other_length_and_channels_are_summed_from_their_beginnings(self) -> None:
        short = write_wav(self.root / "short.wav", DRUMS[: RATE // 2])
        wide = write_wav(self.root / "wide.wav", BASS, OTHER)
        sound = self.samples(sum_of([short, wide]))
        expected = np.stack([BASS, OTHER])
        expected[:, : RATE // 2] += DRUMS[: RATE // 2]
        np.testing.assert_allclose(sound, HEADROOM * expected, atol=2 / FULL_SCALE)


    def test_a_mono_mix_is_the_mean_of_the_sides(self) -> None:
        path = write_wav(self.root / "a.wav", OTHER, VOICE)
        np.testing.assert_allclose(decode(path, RATE, channels=1)[0], 0.5 * (OTHER + VOICE), atol=1e-6)
        np.testing.assert_array_equal(decode(path, RATE, channels=2), decode(path, RATE))


class SplitTest(unittest.TestCase):
    def test_about_a_tenth_of_the_artists_is_held_out(self) -> None:
        share = np.mean([held_out(f"artist {n}") for n in range(2000)])
        self.assertAlmostEqual(share, 0.1, delta=0.02)

    def test_songs_of_the_held_out_library_are_found_in_every_spelling(self) -> None:
        self.assertEqual(title_key("AClassicEducation_NightOwl"), title_key("A Classic Education - Night Owl"))
        self.assertEqual(title_key("051 - ANiMAL - Clinic A"), title_key("ANiMAL - Clinic A"))
        self.assertNotEqual(title_key("某人 - 一"), title_key("某人 - 二"))

    def test_without_songs_of_leaves_the_others(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name in ("Artist_One", "Artist_Two"):
                for stem in ("vocals", "accompaniment"):
                    write_wav(root / "a" / "songs" / "set" / name / f"{stem}.wav", VOICE)
                    write_wav(root / "b" / "songs" / "set" / "Artist - Two" / f"{stem}.wav", VOICE)
            left = without_songs_of(open_data([str(root / "a")], "train"), open_data([str(root / "b")], "valid"))
            self.assertEqual([song.name for song in left.songs], ["Artist_One"])


if __name__ == "__main__":
    unittest.main()
