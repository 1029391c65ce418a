"""Precomputed variants: codecs and Rubber Band by ffmpeg, and their place in the cache."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
from scipy import signal
from sounds import RATE, loudest_hertz, tone, write_wav

from unsung_training.audio_cache import AudioCache
from unsung_training.effects.codec import CODECS, rubber_band, through_codec
from unsung_training.library import scan
from unsung_training.sources import label
from unsung_training.variants import CodecLoss, PitchAndTempo, Variant, VariantConfig, variants, widened


def lag(first: np.ndarray, second: np.ndarray) -> int:
    """Samples by which the second comes after the first, by cross-correlation."""
    correlation = signal.correlate(second, first)
    return int(np.argmax(correlation)) - (len(first) - 1)


class CodecTest(unittest.TestCase):
    def test_every_codec_keeps_the_place_to_the_sample_and_most_of_the_sound(self) -> None:
        # Coloured noise under a moving envelope: its autocorrelation has one narrow peak.
        rng = np.random.default_rng(0)
        noise = signal.lfilter([1], [1, -0.8], rng.standard_normal(2 * RATE)) * (1.2 + np.sin(np.arange(2 * RATE) / 900))
        sound = np.stack([noise, 0.5 * noise]).astype(np.float32) * 0.08
        for codec in CODECS:
            with self.subTest(codec=codec):
                out = through_codec(sound, RATE, codec, 96)
                self.assertEqual(out.shape, sound.shape)
                for heard, truth in zip(out, sound):
                    self.assertEqual(lag(truth, heard), 0)
                error = np.sum((out - sound) ** 2) / np.sum(sound**2)
                self.assertLess(error, 0.2)
                self.assertGreater(error, 1e-7)  # it is lossy


    def test_every_codec_takes_the_lowest_rate_that_is_drawn(self) -> None:
        lowest = min(VariantConfig().kilobits)
        for codec in CODECS:
            for channels in (1, 2):
                with self.subTest(codec=codec, channels=channels):
                    sound = np.stack([tone(440, 1)] * channels)
                    self.assertEqual(through_codec(sound, RATE, codec, lowest).shape, sound.shape)


class RubberBandTest(unittest.TestCase):
    def test_a_sound_of_a_few_samples_is_no_error(self) -> None:
        for count in (0, 1, 100):
            out = rubber_band(tone(440, 1)[None, :count], RATE, 2.0, 1.1, keep_formants=True)
            self.assertEqual(out.shape, (1, round(count / 1.1)))

    def test_pitch_and_tempo_move_by_themselves(self) -> None:
        out = rubber_band(tone(440, 3)[None], RATE, -3.0, 1.25, keep_formants=False)[0]
        self.assertEqual(len(out), 3 * RATE / 1.25)
        found = loudest_hertz(out[RATE // 2 : -RATE // 2])
        # The library is made for 44.1 kHz; at a low rate it misses by a few cents.
        self.assertAlmostEqual(1200 * np.log2(found / (440 * 2 ** (-3 / 12))), 0.0, delta=6.0)


class VariantsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for place in ("songs/set/song/vocals", "songs/set/song/accompaniment", "voices/pool/a", "accompaniments/beats/b"):
            write_wav(self.root / "data" / f"{place}.wav", tone(440, 0.5))
        self.library = scan(self.root / "data")

    def test_widening_adds_voices_to_the_pools_and_to_the_songs_own_group(self) -> None:
        wide = widened(self.library, VariantConfig(voices=2, accompaniments=1))
        self.assertEqual({name: len(pool) for name, pool in wide.voices.items()}, {"pool": 3, "set": 2})
        self.assertEqual({name: len(pool) for name, pool in wide.accompaniments.items()}, {"beats": 2, "set": 1})
        self.assertEqual(wide.songs, self.library.songs)
        self.assertEqual(widened(self.library, VariantConfig(voices=0)), self.library)

    def test_a_seed_gives_the_same_variants_and_another_seed_others(self) -> None:
        source = self.library.voices["pool"][0]
        one, same, other = (variants(source, 4, VariantConfig(seed=seed)) for seed in (1, 1, 2))
        self.assertEqual(one, same)
        self.assertNotEqual(one, other)
        self.assertEqual(len({variant.identity() for variant in one}), 4)

    def test_a_variant_is_made_once_and_kept(self) -> None:
        source = self.library.voices["pool"][0]
        variant = Variant(source, PitchAndTempo(4.0, 1.0, True))
        cache = AudioCache(self.root / "cache", RATE)
        cache.fill([variant], 1)
        written = cache.path(variant).stat().st_mtime_ns
        sound = cache.load(variant)
        self.assertEqual(sound.shape, (1, RATE // 2))
        self.assertEqual(cache.path(variant).stat().st_mtime_ns, written)
        self.assertNotEqual(cache.path(variant), cache.path(source))
        self.assertNotEqual(cache.path(variant), cache.path(Variant(source, CodecLoss("mp3", 64))))
        self.assertEqual(label(variant), label(source))


if __name__ == "__main__":
    unittest.main()
