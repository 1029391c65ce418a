"""Stereo image and dynamics against analytic signals: tones, steps of level."""

from __future__ import annotations

import unittest

import numpy as np
from sounds import RATE, tone

from unsung_training import dynamics, stereo


def decibels(ratio: float) -> float:
    return 20 * np.log10(ratio)


def rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.asarray(sound, np.float64) ** 2)))


class StereoTest(unittest.TestCase):
    def test_pan_has_equal_power_everywhere_and_the_sine_laws_angle(self) -> None:
        mono = tone(300)[None]
        for place in (0.0, 0.2, 0.5, 1.0):
            left, right = stereo.pan(mono, place)
            self.assertAlmostEqual(rms(left) ** 2 + rms(right) ** 2, rms(mono) ** 2, places=6)
            self.assertAlmostEqual(float(np.arctan2(rms(right), rms(left))), place * np.pi / 2, places=5)

    def test_a_centred_stereo_sound_is_left_as_it_is(self) -> None:
        both = np.stack([tone(300), tone(500)])
        np.testing.assert_allclose(stereo.pan(both, 0.5), both, atol=1e-6)

    def test_width_scales_the_side_and_leaves_the_middle(self) -> None:
        both = np.stack([tone(300), tone(500)])
        for width in (0.0, 0.5, 2.0):
            wide = stereo.widen(both, width)
            np.testing.assert_allclose(wide.sum(axis=0), both.sum(axis=0), atol=1e-6)
            np.testing.assert_allclose(wide[0] - wide[1], width * (both[0] - both[1]), atol=1e-6)


class DynamicsTest(unittest.TestCase):
    def compressed_level(self, level_db: float, threshold: float, ratio: float) -> float:
        """Decibels of RMS of a steady tone after the compressor has settled."""
        sound = tone(500, 1.5, np.sqrt(2) * 10 ** (level_db / 20))
        return decibels(rms(dynamics.compress(sound, threshold, ratio, 0.01, 0.1, RATE)[RATE:]))

    def test_above_the_threshold_the_level_rises_by_its_ratio(self) -> None:
        for level, ratio in ((-10, 4.0), (-4, 4.0), (-10, 2.0)):
            self.assertAlmostEqual(self.compressed_level(level, -20, ratio), -20 + (level + 20) / ratio, delta=0.1)

    def test_below_the_threshold_nothing_changes(self) -> None:
        sound = tone(500, 1, 0.01)
        np.testing.assert_allclose(dynamics.compress(sound, -20, 4, 0.01, 0.1, RATE), sound, atol=1e-7)

    def test_the_crest_of_loud_and_soft_passages_shrinks_as_the_formula_says(self) -> None:
        # 16 and 4 dB over the threshold, two seconds of each: 12 dB apart before, 12 / 3 after.
        loud, soft = (tone(500, 2, np.sqrt(2) * 10 ** (level / 20)) for level in (-4, -16))
        out = dynamics.compress(np.concatenate([loud, soft]), -20, 3.0, 0.01, 0.1, RATE)
        step = decibels(rms(out[RATE : 2 * RATE]) / rms(out[3 * RATE :]))
        self.assertAlmostEqual(step, 12 / 3, delta=0.1)

    def test_the_release_has_its_time_constant(self) -> None:
        loud, soft = (tone(500, 2, np.sqrt(2) * 10 ** (level / 20)) for level in (-5, -40))
        out = dynamics.compress(np.concatenate([loud, soft]), -20, 1e6, 0.01, 0.2, RATE)
        # One time constant after the step 1 / e of the 15 dB are still taken away.
        around = slice(2 * RATE + int(0.19 * RATE), 2 * RATE + int(0.21 * RATE))
        self.assertAlmostEqual(decibels(rms(out[around]) / rms(np.concatenate([loud, soft])[around])), -15 / np.e, delta=0.3)

    def test_both_sides_have_one_gain(self) -> None:
        both = np.stack([tone(500, 1, 0.9), tone(500, 1, 0.1)])
        out = dynamics.compress(both, -30, 8, 0.01, 0.1, RATE)
        np.testing.assert_allclose(out[1] * 9, out[0], atol=1e-5)


if __name__ == "__main__":
    unittest.main()
