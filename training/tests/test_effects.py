"""Effects against analytic signals: tones of known frequency, vowels of known formants, impulses, steps of level."""

from __future__ import annotations

import unittest

import numpy as np
from scipy import linalg, signal
from sounds import RATE, loudest_hertz, tone

from unsung_training.effects import band, chain, dynamics, formants, space, stretch, voices

FORMANTS, BANDWIDTHS = (620.0, 1180.0, 2550.0), (110.0, 130.0, 170.0)


def cents(measured: float, wanted: float) -> float:
    return 1200 * np.log2(measured / wanted)


def decibels(ratio: float) -> float:
    return 20 * np.log10(ratio)


def rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.asarray(sound, np.float64) ** 2)))


def vowel(f0: float, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    """Harmonics of f0 through three resonances at FORMANTS: their amplitudes are the resonances' gains, exactly."""
    time = np.arange(int(seconds * rate)) / rate
    hertz = f0 * np.arange(1, int(0.45 * rate / f0) + 1)
    response = np.ones(len(hertz), complex)
    for centre, width in zip(FORMANTS, BANDWIDTHS):
        pole = np.exp((-np.pi * width + 2j * np.pi * centre) / rate)
        z = np.exp(-2j * np.pi * hertz / rate)
        response /= (1 - pole * z) * (1 - np.conj(pole) * z)
    sound = sum(abs(gain) * np.cos(2 * np.pi * f * time + np.angle(gain)) for f, gain in zip(hertz, response))
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


def measured_formants(sound: np.ndarray, rate: int = RATE) -> list[float]:
    """By linear prediction (autocorrelation, order 8, Markel & Gray 1976): the poles' frequencies in hertz."""
    middle = sound[len(sound) // 4 : -len(sound) // 4].astype(np.float64) * np.hanning(len(sound) - 2 * (len(sound) // 4))
    spectrum = np.abs(np.fft.rfft(middle, 2 * len(middle))) ** 2
    correlation = np.fft.irfft(spectrum)[:9]
    correlation[0] *= 1 + 1e-6
    predictor = linalg.solve_toeplitz(correlation[:-1], correlation[1:])
    poles = [p for p in np.roots(np.concatenate([[1], -predictor])) if p.imag > 0 and abs(p) > 0.8]
    return sorted(np.angle(p) * rate / (2 * np.pi) for p in poles)


class FormantsTest(unittest.TestCase):
    def test_formants_move_by_the_ratio_and_the_pitch_stays(self) -> None:
        for ratio in (0.85, 1.2):
            moved = formants.shift_formants(vowel(130), ratio, RATE)
            for found, centre in zip(measured_formants(moved), FORMANTS):
                self.assertAlmostEqual(found / (ratio * centre), 1.0, delta=0.05)
            partials = np.abs(np.fft.rfft(moved * np.hanning(len(moved))))
            heights = [partials[2 * f] for f in (130, 195)]  # two bins a hertz: a harmonic and between two
            self.assertGreater(heights[0], 30 * heights[1])

    def test_a_ratio_of_one_changes_nothing(self) -> None:
        sound = np.random.default_rng(0).standard_normal((2, 5001)).astype(np.float32)
        np.testing.assert_allclose(formants.shift_formants(sound, 1.0, RATE), sound, atol=1e-5)

    def test_silence_stays_silent(self) -> None:
        self.assertEqual(float(np.abs(formants.shift_formants(np.zeros(4000, np.float32), 1.2, RATE)).max()), 0.0)


class StretchTest(unittest.TestCase):
    def test_a_stretched_tone_keeps_its_frequency_and_level_and_has_the_wanted_length(self) -> None:
        for rate in (RATE, 44100):
            for ratio in (0.85, 1.18):
                with self.subTest(rate=rate, ratio=ratio):
                    sound = stretch.stretch(tone(440, 2, rate=rate), ratio, rate)
                    self.assertEqual(len(sound), round(2 * rate * ratio))
                    self.assertAlmostEqual(cents(loudest_hertz(sound, rate), 440), 0.0, delta=1.0)
                    steady = sound[rate // 4 : -rate // 4]
                    self.assertAlmostEqual(decibels(rms(steady) / (0.2 / np.sqrt(2))), 0.0, delta=0.3)

    def test_an_event_is_found_at_its_stretched_time(self) -> None:
        sound = np.zeros(2 * RATE, np.float32)
        sound[RATE : RATE + 400] = tone(500, 0.05)
        for ratio in (0.8, 1.25):
            at = np.flatnonzero(np.abs(stretch.stretch(sound, ratio, RATE)) > 0.05).mean() / RATE
            self.assertAlmostEqual(at, 1.025 * ratio, delta=stretch.SEARCH_SECONDS + 0.02)

    def test_both_sides_are_stretched_alike(self) -> None:
        one = vowel(150, 1)
        both = stretch.stretch(np.stack([one, 0.5 * one]), 1.1, RATE)
        np.testing.assert_allclose(both[1], 0.5 * both[0], atol=1e-7)


class PitchTest(unittest.TestCase):
    def test_a_tone_moves_by_the_semitones_to_a_cent(self) -> None:
        for semitones in (-4, -1.5, 4):
            with self.subTest(semitones=semitones):
                for keep in (False, True):
                    sound = stretch.shift_pitch(tone(440, 2), semitones, RATE, keep)
                    self.assertEqual(len(sound), 2 * RATE)
                    self.assertAlmostEqual(cents(loudest_hertz(sound), 440 * 2 ** (semitones / 12)), 0.0, delta=1.0)

    def test_formants_stay_when_they_are_kept_and_move_along_when_not(self) -> None:
        for semitones in (-4, 4):
            ratio = 2 ** (semitones / 12)
            kept = measured_formants(stretch.shift_pitch(vowel(130), semitones, RATE, keep_formants=True))
            moved = measured_formants(stretch.shift_pitch(vowel(130), semitones, RATE, keep_formants=False))
            for n, centre in enumerate(FORMANTS):
                self.assertAlmostEqual(kept[n] / centre, 1.0, delta=0.05)
                self.assertAlmostEqual(moved[n] / (centre * ratio), 1.0, delta=0.05)

    def test_resampling_moves_pitch_and_length_and_folds_nothing_back(self) -> None:
        fast = stretch.resample(tone(1000, 1), 1.25)
        self.assertEqual(len(fast), RATE / 1.25)
        self.assertAlmostEqual(cents(loudest_hertz(fast), 1250), 0.0, delta=1.0)
        # 3600 Hz would become 4500 Hz, which 8 kHz cannot hold.
        self.assertLess(decibels(rms(stretch.resample(tone(3600, 1), 1.25)[500:-500]) / rms(tone(3600, 1))), -40)


class SpaceTest(unittest.TestCase):
    def test_pan_has_equal_power_everywhere_and_the_sine_laws_angle(self) -> None:
        mono = tone(300)[None]
        for place in (0.0, 0.2, 0.5, 1.0):
            left, right = space.pan(mono, place)
            self.assertAlmostEqual(rms(left) ** 2 + rms(right) ** 2, rms(mono) ** 2, places=6)
            self.assertAlmostEqual(float(np.arctan2(rms(right), rms(left))), place * np.pi / 2, places=5)

    def test_a_centred_stereo_sound_is_left_as_it_is(self) -> None:
        both = np.stack([tone(300), tone(500)])
        np.testing.assert_allclose(space.pan(both, 0.5), both, atol=1e-6)

    def test_width_scales_the_side_and_leaves_the_middle(self) -> None:
        both = np.stack([tone(300), tone(500)])
        for width in (0.0, 0.5, 2.0):
            wide = space.widen(both, width)
            np.testing.assert_allclose(wide.sum(axis=0), both.sum(axis=0), atol=1e-6)
            np.testing.assert_allclose(wide[0] - wide[1], width * (both[0] - both[1]), atol=1e-6)

    def test_echoes_come_at_their_times_with_their_levels(self) -> None:
        impulse = np.zeros((2, RATE), np.float32)
        impulse[:, 10] = 1.0
        out = space.echo(impulse, 0.1, 0.5, 0.4, RATE)
        expected = np.zeros_like(impulse)
        for n in range(8):
            expected[:, 10 + 800 * n] = 1.0 if n == 0 else 0.5 * 0.4 ** (n - 1)
        np.testing.assert_allclose(out, expected, atol=1.1e-3)


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


class BandTest(unittest.TestCase):
    def test_what_is_below_the_cutoff_stays_in_place_and_what_is_above_is_gone(self) -> None:
        low, high = tone(1000, 2), tone(2300, 2)
        out = band.band_limit(low + high, 2000, RATE)
        np.testing.assert_allclose(out[2000:-2000], low[2000:-2000], atol=2e-4)

    def test_humming_is_a_second_order_butterworth_low_pass(self) -> None:
        # The analogue filter's 1 / (1 + (f / cutoff)⁴), its axis bent by the bilinear transform.
        for hertz in (300, 600, 1200, 2400):
            truth = 10 * np.log10(1 / (1 + (np.tan(np.pi * hertz / RATE) / np.tan(np.pi * 600 / RATE)) ** 4))
            out = decibels(rms(band.hum(tone(hertz, 2), 600, RATE)[RATE:]) / rms(tone(hertz, 2)[RATE:]))
            self.assertAlmostEqual(out, truth, delta=0.05)


class VoicesTest(unittest.TestCase):
    def test_a_copy_is_late_and_its_pitch_swings_by_the_cents(self) -> None:
        sound = tone(300, 4)
        copy = voices.delayed_copy(sound, 0.02, 15.0, 1.0, 0.0, RATE)
        self.assertEqual(float(np.abs(copy[: int(0.018 * RATE)]).max()), 0.0)
        # The instantaneous frequency from the analytic signal, away from its ends.
        phase = np.unwrap(np.angle(signal.hilbert(copy)))
        frequency = np.diff(phase)[RATE // 2 : -RATE // 2] * RATE / (2 * np.pi)
        frequency = np.convolve(frequency, np.full(400, 1 / 400), "valid")  # the transform's ripple at 300 Hz
        self.assertAlmostEqual(cents(float(frequency.max()), 300), 15.0, delta=0.5)
        self.assertAlmostEqual(cents(float(frequency.min()), 300), -15.0, delta=0.5)
        self.assertAlmostEqual(float(frequency.mean()), 300, delta=0.5)

    def test_a_copy_without_swing_is_a_plain_delay(self) -> None:
        sound = vowel(140, 1)
        copy = voices.delayed_copy(sound, 0.025, 0.0, 1.0, 0.0, RATE)
        np.testing.assert_allclose(copy[200:], sound[:-200], atol=1e-4)

    def test_doubling_adds_to_the_voice_and_leaves_it_there(self) -> None:
        sound = vowel(140, 1)
        added = voices.double(sound, np.random.default_rng(1), RATE) - sound
        self.assertTrue(-16 < decibels(rms(added[800:]) / rms(sound[800:])) < 4)
        self.assertEqual(float(np.abs(added[: int(0.008 * RATE)]).max()), 0.0)

    def test_a_harmony_is_a_second_tone_at_an_interval(self) -> None:
        for seed in range(3):
            both = voices.harmonise(tone(440, 2), np.random.default_rng(seed), RATE)
            rest = both - tone(440, 2)
            away = cents(loudest_hertz(rest[RATE // 2 :]), 440) / 100
            self.assertLess(min(abs(away - interval) for interval in voices.INTERVALS), 0.12)


class ChainTest(unittest.TestCase):
    def test_no_effects_leave_the_sound(self) -> None:
        sound = vowel(140, 1)
        rng = np.random.default_rng(0)
        np.testing.assert_array_equal(chain.voice_effects(sound, rng, RATE, chain.NO_EFFECTS, speed=1.1), sound)
        np.testing.assert_array_equal(chain.backing_effects(sound, rng, RATE, chain.NO_EFFECTS), sound)
        both = np.stack([sound, -sound])
        np.testing.assert_array_equal(chain.stereo_effects(both, rng, chain.NO_EFFECTS), both)

    def test_every_effect_keeps_the_shape_and_makes_no_nan_of_silence_or_sound(self) -> None:
        switches = [name for name, value in vars(chain.NO_EFFECTS).items() if value == 0]
        rng = np.random.default_rng(0)
        for name in switches:
            config = chain.EffectsConfig(**{switch: float(switch == name) for switch in switches})
            for sound in (np.zeros(6000, np.float32), np.stack([vowel(140, 0.7), vowel(180, 0.7)])):
                with self.subTest(name=name, shape=sound.shape):
                    for out in (chain.voice_effects(sound, rng, RATE, config, speed=1.1), chain.backing_effects(sound, rng, RATE, config)):
                        self.assertEqual(out.shape, sound.shape)
                        self.assertTrue(bool(np.isfinite(out).all()))

    def test_own_songs_keep_their_key_and_time(self) -> None:
        sound = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
        config = chain.EffectsConfig(**{**vars(chain.NO_EFFECTS), "pitch": 1.0, "tempo": 1.0})
        rng = np.random.default_rng(0)
        np.testing.assert_array_equal(chain.voice_effects(sound, rng, RATE, config, in_tune=True), sound)
        np.testing.assert_array_equal(chain.backing_effects(sound, rng, RATE, config, in_time=True), sound)
        self.assertGreater(float(np.abs(chain.voice_effects(sound, rng, RATE, config) - sound).max()), 0.01)
        self.assertGreater(float(np.abs(chain.backing_effects(sound, rng, RATE, config) - sound).max()), 0.01)

    def test_a_mono_sound_becomes_stereo(self) -> None:
        out = chain.stereo_effects(tone(440)[None], np.random.default_rng(0), chain.EffectsConfig())
        self.assertEqual(out.shape, (2, RATE))

    def test_formants_go_back_after_a_change_of_speed(self) -> None:
        config = chain.EffectsConfig(**{**vars(chain.NO_EFFECTS), "keep_formants": 1.0})
        fast = stretch.resample(vowel(130, 2.4), 1.2)
        out = chain.voice_effects(fast, np.random.default_rng(0), RATE, config, speed=1.2)
        for found, centre in zip(measured_formants(out), FORMANTS):
            self.assertAlmostEqual(found / centre, 1.0, delta=0.05)


if __name__ == "__main__":
    unittest.main()
