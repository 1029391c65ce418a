"""python -m unittest discover training/tests: the pipeline on made-up sound, a minute on a CPU, no data needed."""

from __future__ import annotations

import json
import math
import sys
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from unsung_training import augment, export, library, spectra, validation  # noqa: E402
from unsung_training.audio_cache import AudioCache  # noqa: E402
from unsung_training.mixing import MixConfig, Mixer, active_rms  # noqa: E402
from unsung_training.network import NetworkConfig, UNet, UpConvolution, from_phases, to_phases  # noqa: E402
from unsung_training.train import TrainConfig, Trainer, train  # noqa: E402

RATE = 8192


def write_wav(path: Path, sound: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def tone(hertz: float, seconds: float) -> np.ndarray:
    return 0.4 * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)


def made_up_data(root: Path) -> Path:
    """A “voice” of high tones and an “accompaniment” of low ones: a network learns that in a few steps."""
    for song, pitch in (("one", 1.0), ("two", 1.2)):
        write_wav(root / "songs" / "made" / song / "vocals.wav", tone(1500 * pitch, 20))
        write_wav(root / "songs" / "made" / song / "accompaniment.wav", tone(200 * pitch, 20))
    write_wav(root / "voices" / "pool" / "a.wav", tone(1800, 3))
    write_wav(root / "accompaniments" / "pool" / "b.wav", tone(150, 15))
    return root


class NetworkTest(unittest.TestCase):
    def test_up_convolution_is_the_transposed_convolution(self) -> None:
        layer = UpConvolution(3, 4)
        x = torch.randn(2, 3, 6, 8)
        weight = from_phases(layer.weight)
        truth = F.conv_transpose2d(x, weight, layer.bias, stride=2)[:, :, 1:-2, 1:-2]
        torch.testing.assert_close(layer(x), truth, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(to_phases(weight), layer.weight, atol=0, rtol=0)

    def test_the_papers_network_has_its_parameters_and_shape(self) -> None:
        network = UNet(NetworkConfig())
        live = sum(int(b.sum()) * p.shape[1] for p, b in ((d.conv.weight, d.conv.live) for d in network.decoder))
        rest = sum(p.numel() for n, p in network.named_parameters() if not n.startswith("decoder") or "conv.weight" not in n)
        self.assertEqual(live + rest, 9_823_313)
        mask = network(torch.rand(2, 1, 512, 128))
        self.assertEqual(mask.shape, (2, 1, 512, 128))
        self.assertTrue(bool(((mask >= 0) & (mask <= 1)).all()))


class SpectraTest(unittest.TestCase):
    def test_inverse_of_forward_is_the_signal(self) -> None:
        config = spectra.PatchConfig()
        for samples in (1, 700, 10_000):
            signal = np.random.default_rng(0).standard_normal(samples).astype(np.float32)
            back = spectra.inverse(spectra.centred(signal, config), samples, config)
            np.testing.assert_allclose(back, signal, atol=1e-4)

    def test_sdr_of_known_noise(self) -> None:
        signal = tone(440, 1)
        self.assertAlmostEqual(validation.sdr(signal, signal * 0.9), 20.0, places=6)
        self.assertTrue(math.isnan(validation.sdr(np.zeros(10), np.ones(10))))

    def test_joined_masks_of_a_constant_predictor_are_constant(self) -> None:
        config = spectra.PatchConfig()
        magnitude = np.random.default_rng(0).random((300, config.bins), np.float32)
        mask = validation.song_mask(magnitude, lambda p: np.full_like(p, 0.25), config, 64)
        np.testing.assert_allclose(mask, 0.25, atol=1e-6)
        self.assertEqual(mask.shape, magnitude.shape)


class MixingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        root = made_up_data(Path(self.folder.name) / "data")
        cache = AudioCache(Path(self.folder.name) / "cache", RATE)
        self.mixer = Mixer(library.scan(root), cache, spectra.PatchConfig(), MixConfig())

    def tearDown(self) -> None:
        self.folder.cleanup()

    def test_pairs_are_finite_and_normalised(self) -> None:
        rng = np.random.default_rng(3)
        mixture, vocals = self.mixer.mixtures(*self.mixer.pack(12, rng), rng)
        self.assertEqual(mixture.shape, (12, 512, 128))
        self.assertTrue(np.isfinite(mixture).all() and np.isfinite(vocals).all())
        np.testing.assert_allclose(mixture.max(axis=(1, 2)), 1.0, atol=1e-5)
        self.assertGreater(vocals.mean(), 0)

    def test_silence_makes_no_nan(self) -> None:
        silent = np.zeros((2, 128, 512), np.complex64)
        mixture, vocals = self.mixer.mixtures(silent, silent, np.random.default_rng(0))
        self.assertTrue((mixture == 0).all() and (vocals == 0).all())

    def test_the_same_seed_gives_the_same_mixes(self) -> None:
        one, two = (self.mixer.pack(3, np.random.default_rng(9)) for _ in range(2))
        np.testing.assert_array_equal(one[0], two[0])
        np.testing.assert_array_equal(one[1], two[1])

    def test_speed_moves_the_pitch_by_its_ratio(self) -> None:
        fast = augment.vary_speed(tone(400, 3).astype(np.float32), 1.125, 2 * RATE)
        peak = np.argmax(np.abs(np.fft.rfft(fast))) / 2
        self.assertAlmostEqual(peak, 450, delta=0.5)

    def test_rests_do_not_make_a_voice_softer(self) -> None:
        voice = tone(440, 2)
        with_rest = np.concatenate([voice, np.zeros_like(voice)])
        self.assertAlmostEqual(active_rms(voice), active_rms(with_rest), places=3)


class TrainingTest(unittest.TestCase):
    def test_trains_resumes_and_exports(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            data = made_up_data(root / "data")
            settings = dict(data=data, valid=data, out=root / "run", cache=root / "cache", minutes=0.15, batch=4,
                            filters=(4, 4, 8, 8, 8, 8), epoch_minutes=0.1, workers=0)
            train(TrainConfig(**settings), resume=False)
            rows = [json.loads(line) for line in (root / "run" / "log.jsonl").read_text().splitlines()]
            self.assertTrue(all(math.isfinite(row["loss"]) for row in rows))
            train(TrainConfig(**settings | {"minutes": 0.2}), resume=True)
            again = [json.loads(line) for line in (root / "run" / "log.jsonl").read_text().splitlines()]
            self.assertGreater(again[-1]["step"], rows[-1]["step"])

            card = root / "card.json"
            card.write_text(json.dumps({"id": "t", "title": "T", "licence": "MIT", "source": "test", "trainedOn": {}}))
            export.export(root / "run" / "best.pt", card, root / "t.safetensors")
            from safetensors import safe_open

            with safe_open(root / "t.safetensors", "pt") as file:
                description = json.loads(file.metadata()["unsung"])
                self.assertIn("decoder.5.conv.weight", file.keys())
                self.assertEqual(file.get_tensor("encoder.0.conv.weight").shape, (4, 1, 5, 5))
                self.assertEqual(file.get_tensor("decoder.0.conv.weight").shape, (8, 8, 5, 5))
            self.assertEqual(description["network"]["decoderFilters"], [8, 8, 8, 4, 4, 1])

    def test_starts_from_the_model_in_the_repository(self) -> None:
        folder = Path(__file__).resolve().parents[2] / "models" / "paper"
        paths = {name: folder for name in ("data", "valid", "out", "cache")}
        trainer = Trainer(TrainConfig(**paths, minutes=1, start=folder))
        # Every convolution was replaced: float16 values, which random ones are not.
        for name, value in trainer.network.named_parameters():
            torch.testing.assert_close(value, value.half().float(), atol=0, rtol=0, msg=name)

    def test_learns_to_tell_high_tones_from_low_ones(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            data = made_up_data(Path(folder) / "data")
            paths = {name: Path(folder) for name in ("data", "valid", "out", "cache")}
            trainer = Trainer(TrainConfig(**paths, minutes=60, filters=(4, 4, 8, 8, 8, 8), learning_rate=5e-3))
            mixer = Mixer(library.scan(data), AudioCache(Path(folder) / "cache", RATE), spectra.PatchConfig(),
                          MixConfig(no_voice=0, no_accompaniment=0, second_voice=0, second_accompaniment=0))
            rng = np.random.default_rng(1)
            mixture, vocals = (torch.from_numpy(a) for a in mixer.mixtures(*mixer.pack(4, rng), rng))
            losses = [trainer.train_step(mixture, vocals) for _ in range(60)]
            self.assertLess(np.mean(losses[-5:]), 0.5 * losses[0])

    def test_a_step_without_a_finite_loss_changes_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: Path(folder) for name in ("data", "valid", "out", "cache")}
            trainer = Trainer(TrainConfig(**paths, minutes=1, filters=(4, 4, 4, 4, 4, 4)))
            before = {k: v.clone() for k, v in trainer.network.named_parameters()}
            loss = trainer.train_step(torch.full((2, 512, 128), math.nan), torch.zeros(2, 512, 128))
            self.assertTrue(math.isnan(loss))
            self.assertEqual(trainer.step, 0)
            for name, value in trainer.network.named_parameters():
                torch.testing.assert_close(value, before[name])


if __name__ == "__main__":
    unittest.main()
