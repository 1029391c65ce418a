"""Rendered backing: what is written is what is played, and the same for a seed."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
from sounds import loudest_hertz

from unsung_training import render
from unsung_training.decode import decode
from unsung_training.rendering import instruments, music
from unsung_training.rendering.desk import render_piece


class MusicTest(unittest.TestCase):
    def test_notes_are_of_the_pieces_time_and_of_its_scale(self) -> None:
        for seed in range(20):
            piece = music.write_piece(30.0, np.random.default_rng(seed))
            notes = [note for name, part in piece.parts.items() if name != "bass" for note in part]  # a bass walks by semitones
            self.assertTrue(piece.strokes or notes)
            self.assertTrue(all(0 <= note.start < 30.0 and note.seconds > 0 for note in notes))
            used = {note.midi % 12 for note in notes}
            fits = [any({(key + step) % 12 for step in scale} >= used for key in range(12)) for scale in music.SCALES.values()]
            self.assertTrue(any(fits))

    def test_pieces_differ_in_tempo_and_parts(self) -> None:
        pieces = [music.write_piece(20.0, np.random.default_rng(seed)) for seed in range(20)]
        self.assertGreater(len({round(piece.beat, 3) for piece in pieces}), 15)
        self.assertGreater(len({tuple(bool(part) for part in piece.parts.values()) for piece in pieces}), 5)


class InstrumentsTest(unittest.TestCase):
    def test_every_part_sounds_at_the_pitch_that_is_asked_for(self) -> None:
        for part, midi in (("bass", 45), ("chords", 60), ("pad", 60), ("arpeggio", 64), ("lead", 69)):
            for seed in range(3):
                with self.subTest(part=part, seed=seed):
                    sound = instruments.instrument(part, np.random.default_rng([seed, midi]))(midi, 1.0, 0.8)
                    self.assertTrue(bool(np.isfinite(sound).all()))
                    steady = sound[4410 : 3 * 11025]
                    # The strongest partial is a multiple (or an organ's or sub-oscillator's half) of the note.
                    partial = loudest_hertz(steady, instruments.RATE) / (440 * 2 ** ((midi - 69) / 12))
                    nearest = min((0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 2 * 2.756), key=lambda ratio: abs(np.log(partial / ratio)))
                    self.assertLess(abs(1200 * np.log2(partial / nearest)), 40)


class RenderTest(unittest.TestCase):
    def test_a_piece_is_stereo_finite_and_the_same_for_a_seed(self) -> None:
        one, two = (render_piece(4.0, np.random.default_rng(3)) for _ in range(2))
        self.assertEqual(one.shape[0], 2)
        self.assertAlmostEqual(float(np.abs(one).max()), 0.9, places=5)
        self.assertGreater(float(np.sqrt(np.mean(one**2))), 0.01)
        np.testing.assert_array_equal(one, two)

    def test_a_folder_is_filled_once(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(render, "PIECE_SECONDS", (3.0, 4.0)):
            pool = Path(folder) / "accompaniments" / "rendered"
            first = render.fill(pool, minutes=0.1, seed=5, rate=8192)
            self.assertEqual(len(first), 2)
            sound = decode(first[0], 8192)
            self.assertEqual(sound.shape[0], 2)
            self.assertAlmostEqual(sound.shape[1] / 8192, 5.0, delta=0.6)  # 3 to 4 s and the ringing
            self.assertGreater(float(np.abs(sound).max()), 0.3)
            times = [path.stat().st_mtime_ns for path in first]
            self.assertEqual(render.fill(pool, minutes=0.1, seed=5, rate=8192), first)
            self.assertEqual([path.stat().st_mtime_ns for path in first], times)


if __name__ == "__main__":
    unittest.main()
