"""Pairs of an original and its instrumental: alignment and difference, against how the pair was made."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from scipy import signal
from sounds import tone, write_wav

from unsung_training.datasets.alignment import RATE, NotAligned, align
from unsung_training.datasets.layout import DataError
from unsung_training.datasets.open_data import open_data
from unsung_training.datasets.pairs import difference
from unsung_training.datasets.warp import warp
from unsung_training.sources import HEADROOM
from unsung_training.validation import sdr

SECONDS = 24


def music(seed: int, seconds: float = SECONDS) -> np.ndarray:
    """Random notes of three harmonics, five a second, on a little noise: nothing in it repeats."""
    rng = np.random.default_rng(seed)
    out = 0.01 * rng.standard_normal(int(seconds * RATE))
    time = np.arange(RATE // 2) / RATE
    for start in range(0, len(out) - RATE // 2, RATE // 5):
        f = 110 * 2 ** (rng.integers(0, 36) / 12)
        out[start : start + RATE // 2] += np.exp(-time / 0.1) * sum(0.2 / k * np.sin(2 * np.pi * k * f * time) for k in (1, 2, 3))
    return out


def played(moments: np.ndarray, seed: int) -> np.ndarray:
    """The same music as a function of time (seconds), so that it can be run late or fast without a resampler."""
    rng = np.random.default_rng(seed)
    out = np.zeros(len(moments))
    for note in range(int(SECONDS * 5) + 50):
        f = 110 * 2 ** (rng.integers(0, 36) / 12)
        on = slice(*np.searchsorted(moments, (note / 5, note / 5 + 0.5)))
        t = moments[on] - note / 5
        out[on] += np.minimum(1, t / 0.003) * np.exp(-t / 0.1) * sum(0.2 / k * np.sin(2 * np.pi * k * f * t) for k in (1, 2, 3))
    return out


def voice() -> np.ndarray:
    """A gliding tone with rests, in a band where the music has little."""
    t = np.arange(SECONDS * RATE) / RATE
    return 0.15 * np.sin(2 * np.pi * (2600 * t + 40 * np.sin(2 * np.pi * 0.7 * t))) * (np.sin(2 * np.pi * t / 4) > -0.3)


class AlignmentTest(unittest.TestCase):
    def make(self, delay: float, drift: float, gain: float) -> tuple[np.ndarray, np.ndarray]:
        """(original, instrumental): the original's t is the instrumental's t + delay + drift·t."""
        t = np.arange(SECONDS * RATE) / RATE
        original = gain * played(t, 1) + voice()
        return original, played((t - delay) / (1 + drift), 1)

    def test_finds_delay_and_gain(self) -> None:
        for delay, gain in ((0.73, 0.6), (-1.90012, 1.4), (0.0, 1.0)):
            with self.subTest(delay=delay):
                found = align(*self.make(delay, 0.0, gain))
                self.assertAlmostEqual(found.delay, delay, delta=1e-5)
                self.assertEqual(found.drift, 0.0)
                self.assertAlmostEqual(found.gain, gain, delta=0.02 * gain)
                self.assertGreater(found.agreement, 0.9)

    def test_finds_the_drift_of_two_clocks(self) -> None:
        found = align(*self.make(0.4, 60e-6, 0.8))
        self.assertAlmostEqual(found.drift, 60e-6, delta=3e-6)
        self.assertAlmostEqual(found.delay, 0.4, delta=5e-5)
        self.assertAlmostEqual(found.gain, 0.8, delta=0.01)

    def test_another_song_is_refused(self) -> None:
        with self.assertRaises(NotAligned):
            align(music(1), music(2))

    def test_another_speed_is_refused(self) -> None:
        with self.assertRaises(NotAligned):
            align(*self.make(0.0, 0.01, 1.0))

    def test_silence_is_refused(self) -> None:
        with self.assertRaises(NotAligned):
            align(np.zeros(RATE * 10), music(1))


class WarpTest(unittest.TestCase):
    def test_reads_between_the_samples(self) -> None:
        f = 0.4  # of the sampling rate: 0.8 of the Nyquist frequency
        sound = np.sin(2 * np.pi * f * np.arange(3000))[None]
        for start, step in ((100.37, 1.0), (100.37, 1.0001), (200, 1.0)):
            with self.subTest(start=start, step=step):
                truth = np.sin(2 * np.pi * f * (start + step * np.arange(2000)))
                np.testing.assert_allclose(warp(sound, start, step, 2000)[0], truth, atol=2e-3)

    def test_is_silent_beyond_the_ends(self) -> None:
        sound = np.ones((2, 500), np.float32)
        for step in (1.0, 1.0001):
            with self.subTest(step=step):
                out = warp(sound, -600, step, 2000)
                np.testing.assert_allclose(out[:, 700:1000], 1.0, atol=2e-3)
                self.assertLess(float(np.abs(out[:, :500]).max() + np.abs(out[:, 1200:]).max()), 1e-6)
        self.assertEqual(float(np.abs(warp(sound, 9000, 1.0, 100)).max()), 0.0)


class DifferenceTest(unittest.TestCase):
    def test_what_the_instrumental_does_not_explain_is_left(self) -> None:
        backing = music(1)
        left = difference((backing + voice())[None], backing[None], RATE)[0]
        self.assertGreater(sdr(voice(), left), 12.0)

    def test_nothing_is_left_of_an_instrumental_and_all_of_a_voice_alone(self) -> None:
        backing = music(1)[None]
        self.assertLess(float(np.abs(difference(backing, backing, RATE)).max()), 1e-6)
        np.testing.assert_allclose(difference(backing, 0 * backing, RATE), backing, atol=1e-5)

    def test_a_louder_instrumental_takes_no_more_than_there_is(self) -> None:
        backing = music(1)[None]
        self.assertLess(float(np.abs(difference(backing, 2 * backing, RATE)).max()), 1e-6)


class PairsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "pairs"
        self.cache = Path(folder.name) / "cache"

    def test_stems_of_a_pair_are_aligned_to_the_original(self) -> None:
        t = np.arange(SECONDS * RATE) / RATE
        backing = 0.7 * played(t, 1)
        original = backing + voice()
        write_wav(self.root / "a song" / "original.wav", original, original, rate=RATE)
        write_wav(self.root / "a song" / "instrumental.wav", played(t - 0.51003, 1), rate=RATE)
        write_wav(self.root / "another" / "original.wav", music(5), rate=RATE)
        write_wav(self.root / "another" / "instrumental.wav", music(6), rate=RATE)
        with self.assertLogs("unsung_training", "WARNING") as said:
            library = open_data([f"pairs:{self.root}"], "all", self.cache)
        self.assertEqual([song.name for song in library.songs], ["a song"])
        self.assertRegex(said.output[0], "another is left out: only .* passages")
        vocals, accompaniment = (source.samples(RATE) for source in (library.songs[0].vocals, library.songs[0].accompaniment))
        self.assertEqual(vocals.shape, (2, len(t)))
        known = slice(0, -RATE)  # the instrumental ends half a second before the original does
        self.assertGreater(sdr(HEADROOM * backing[known], accompaniment[0, known]), 30.0)
        self.assertGreater(sdr(HEADROOM * voice()[known], vocals[1, known]), 20.0)
        # The second time nothing is measured: a changed note is believed.
        notes = self.cache / "pair-alignments.json"
        changed = {key: {"refused": "so it was noted"} for key in json.loads(notes.read_text())}
        notes.write_text(json.dumps(changed))
        with self.assertLogs("unsung_training", "WARNING") as said, self.assertRaisesRegex(DataError, "none of its 2 pairs"):
            open_data([f"pairs:{self.root}"], "all", self.cache)
        self.assertIn("so it was noted", said.output[0])

    def test_a_pair_without_its_instrumental_is_left_out_and_said(self) -> None:
        sound = tone(440, 6)
        write_wav(self.root / "half" / "original.wav", sound)
        write_wav(self.root / "whole" / "original.wav", sound + signal.sawtooth(np.arange(len(sound)) ** 1.2 / 40) * 0.1)
        write_wav(self.root / "whole" / "instrumental.wav", sound + signal.sawtooth(np.arange(len(sound)) ** 1.2 / 40) * 0.1)
        with self.assertLogs("unsung_training", "WARNING") as said:
            library = open_data([f"pairs:{self.root}"], "all")
        self.assertEqual([song.name for song in library.songs], ["whole"])
        self.assertIn("half is left out: it has no instrumental file", said.output[0])


if __name__ == "__main__":
    unittest.main()
