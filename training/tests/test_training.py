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

from unsung_training import augment, config, export, library, pairs, spectra, validation  # noqa: E402
from unsung_training.audio_cache import AudioCache  # noqa: E402
from unsung_training.datasets.layout import DataError  # noqa: E402
from unsung_training.datasets.licences import licensed  # noqa: E402
from unsung_training.datasets.open_data import open_data  # noqa: E402
from unsung_training.mixing import MixConfig, Mixer, active_rms  # noqa: E402
from unsung_training.network import NetworkConfig, UNet, UpConvolution, from_phases, to_phases  # noqa: E402
from unsung_training.start import read_model  # noqa: E402
from unsung_training.train import Folders, train  # noqa: E402
from unsung_training.trainer import Trainer  # noqa: E402

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
        config_ = spectra.PatchConfig()
        magnitude = np.random.default_rng(0).random((2, 300, config_.bins), np.float32)
        mask = validation.song_mask(magnitude, lambda p: np.full_like(p, 0.25), config_, 64)
        np.testing.assert_allclose(mask, 0.25, atol=1e-6)
        self.assertEqual(mask.shape, magnitude.shape)

    def test_each_channel_has_its_own_mask(self) -> None:
        patch = spectra.PatchConfig(channels=2)
        sound = np.random.default_rng(1).standard_normal((2, 20_000)).astype(np.float32)
        left_only = lambda p: np.stack([np.ones_like(p[:, 0]), np.zeros_like(p[:, 1])], 1)  # noqa: E731
        vocals = validation.separate(sound, left_only, patch)
        self.assertEqual(float(np.abs(vocals[1]).max()), 0.0)
        # All but bin 0, which has no mask, comes back.
        self.assertGreater(validation.sdr(sound[0], vocals[0]), 20)


class MixingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = made_up_data(Path(self.folder.name) / "data")
        self.cache = AudioCache(Path(self.folder.name) / "cache", RATE)
        self.mixer = Mixer(library.scan(self.root), self.cache, spectra.PatchConfig(), MixConfig())
        self.pairing = pairs.Pairing(spectra.PatchConfig(), pairs.LevelConfig(), torch.device("cpu"), 3)

    def tearDown(self) -> None:
        self.folder.cleanup()

    def test_pairs_are_finite_and_normalised(self) -> None:
        drawn = self.mixer.pack(12, np.random.default_rng(3))
        for batch in self.pairing.batches(drawn, 2):
            self.assertEqual(batch.mixture.shape, (12, 1, 512, 128))
            self.assertTrue(bool(torch.isfinite(batch.mixture).all() and torch.isfinite(batch.target).all()))
            torch.testing.assert_close(batch.mixture.amax(dim=(1, 2, 3)), torch.ones(12), atol=1e-5, rtol=0)
            self.assertGreater(float(batch.target.mean()), 0)

    def test_the_spectra_are_those_of_the_song_pipeline(self) -> None:
        patch = spectra.PatchConfig()
        wave = np.random.default_rng(5).standard_normal(patch.samples).astype(np.float32)
        flat = pairs.Pairing(patch, pairs.LevelConfig(equaliser_db=0.0), torch.device("cpu"), 1)
        ours = flat.stft(torch.from_numpy(wave)[None, None])[0, 0].numpy().T
        np.testing.assert_allclose(ours, spectra.stft(wave, patch)[:, 1:513], atol=2e-3)

    def test_stereo_pairs_have_two_layers_and_the_wanted_rms(self) -> None:
        patch = spectra.PatchConfig(channels=2, frames=64, bins=512, first_bin=0)
        levels = pairs.LevelConfig(rms=(0.1, 0.1), equaliser_db=0.0, no_voice=0.0, no_accompaniment=0.0, voice_level=(0.0, 0.0))
        pairing = pairs.Pairing(patch, levels, torch.device("cpu"), 3)
        noise = torch.randn(3, 2, patch.samples)
        batch = next(iter(pairing.batches((noise, 0 * noise, *torch.full((2, 3), 1e5)), 1)))
        self.assertEqual(batch.mixture.shape, (3, 2, 512, 64))
        # What a song of that RMS gives.
        song = pairing.stft(noise / noise.square().mean((1, 2), keepdim=True).sqrt() * 0.1).abs()
        torch.testing.assert_close(batch.mixture, song, rtol=0.03, atol=0)

    def test_some_pairs_are_in_mono_as_a_whole(self) -> None:
        patch = spectra.PatchConfig(channels=2, frames=64)
        sides = torch.randn(6, 2, 512, 64, dtype=torch.complex64)
        for chance, differ in ((0.0, True), (1.0, False)):
            pairing = pairs.Pairing(patch, pairs.LevelConfig(mono=chance, no_accompaniment=0.0), torch.device("cpu"), 3)
            batch = pairing.mix(sides, 2 * sides.roll(1, 0), torch.full((6,), 1e5))
            left, right = batch.mixture.unbind(1)
            self.assertEqual(differ, not torch.equal(left, right))

    def test_a_perfect_mask_has_no_loss_and_a_band_limited_source_teaches_nothing_above(self) -> None:
        patch = spectra.PatchConfig()
        voices = torch.rand(2, 1, 512, 128).to(torch.complex64) + 0.1
        silence = torch.zeros_like(voices)
        levels = pairs.LevelConfig(no_voice=0.0, no_accompaniment=0.0)
        pairing = pairs.Pairing(patch, levels, torch.device("cpu"), 1)
        batch = pairing.mix(voices, silence, torch.tensor([2048.0, 96_000.0]))
        ones = torch.ones(2, 1, 512, 128)
        self.assertLess(float(pairs.magnitude_loss(ones, batch)), 1e-6)
        wrong_above = ones.clone()
        wrong_above[0, :, 256:] = 0.0
        self.assertLess(float(pairs.magnitude_loss(wrong_above, batch)), 1e-6)
        wrong_below = ones.clone()
        wrong_below[0, :, :200] = 0.0
        self.assertGreater(float(pairs.magnitude_loss(wrong_below, batch)), 0.1)

    def test_silence_makes_no_nan(self) -> None:
        silent = torch.zeros(2, 1, 512, 128, dtype=torch.complex64)
        batch = self.pairing.mix(silent, silent, torch.full((2,), 1e5))
        self.assertTrue(bool((batch.mixture == 0).all() and (batch.target == 0).all()))

    def test_the_same_seed_gives_the_same_mixes(self) -> None:
        one, two = (self.mixer.pack(3, np.random.default_rng(9)) for _ in range(2))
        for a, b in zip(one, two):
            torch.testing.assert_close(a, b, atol=0, rtol=0)

    def test_speed_moves_the_pitch_by_its_ratio(self) -> None:
        fast = augment.vary_speed(tone(400, 3).astype(np.float32), 1.125, 2 * RATE)
        peak = np.argmax(np.abs(np.fft.rfft(fast))) / 2
        self.assertAlmostEqual(peak, 450, delta=0.5)

    def test_a_room_is_heard_from_all_sides_and_its_voice_from_the_middle(self) -> None:
        left, right = augment.room(np.random.default_rng(2), RATE, 2)
        self.assertEqual(left[0], right[0])
        tails = left[1:], right[1:]
        self.assertLess(abs(np.corrcoef(*tails)[0, 1]), 0.3)
        self.assertAlmostEqual(*(float(np.linalg.norm(tail)) for tail in tails), places=3)

    def test_rests_do_not_make_a_voice_softer(self) -> None:
        voice = tone(440, 2)
        with_rest = np.concatenate([voice, np.zeros_like(voice)])
        self.assertAlmostEqual(active_rms(voice), active_rms(with_rest), places=3)


class ConfigTest(unittest.TestCase):
    def test_a_file_is_changed_by_names_and_comes_back_as_it_was(self) -> None:
        for name in ("paper", "paper-distil", "spleeter"):
            path = Path(__file__).resolve().parents[1] / "configs" / f"{name}.json"
            changed = config.read(path, ["mix.own_pair=0", "patches=64", "network.filters=[4,8]"])
            self.assertEqual((changed.mix.own_pair, changed.patches, changed.network.filters), (0.0, 64, (4, 8)))
            self.assertEqual(changed.network.channels, changed.patch.channels)
            self.assertEqual(config.from_json(json.loads(json.dumps(config.to_json(changed)))), changed)

    def test_what_is_wrong_is_said(self) -> None:
        for change, words in (("mix.own_pairs=0", "mix has no own_pairs"), ("batch=many", "batch must be of type int"),
                              ("levels.rms=[3]", "must have 2 items"), ("family=x", "family is unet or spleeter"),
                              ("family=spleeter", "wants patch.channels 2"), ("nonsense", "NAME=VALUE")):
            with self.assertRaisesRegex(config.ConfigError, words):
                config.read(None, [change])


class DataTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for place in ("songs/set/song/vocals", "songs/set/song/accompaniment", "voices/pool/a", "accompaniments/beats/b",
                      "accompaniments/beats/c"):
            write_wav(self.root / f"{place}.wav", tone(440, 0.5))

    def test_half_of_the_data_can_be_opened_but_not_mixed(self) -> None:
        (self.root / "more/voices").mkdir(parents=True)
        (self.root / "voices/pool").rename(self.root / "more/voices/pool")
        voices = open_data([str(self.root / "more")], "train")
        self.assertEqual(list(voices.voices), ["pool"])
        with self.assertRaisesRegex(ValueError, "no accompaniments to mix"):
            Mixer(voices, AudioCache(self.root / "cache", 8192), spectra.PatchConfig(), MixConfig())

    def test_a_catalogue_says_what_may_be_used(self) -> None:
        catalogue = self.root / "CATALOGUE.csv"
        rows = {"songs/set/song/vocals.wav": "CC0-1.0", "songs/set/song/accompaniment.wav": "CC0-1.0",
                "voices/pool/a.wav": "CC-BY-NC-SA-4.0", "accompaniments/beats/b.wav": "CC-BY-4.0 (LICENSE)"}
        catalogue.write_text("file,licence\n" + "".join(f"{file},{licence}\n" for file, licence in rows.items()))
        everything = open_data([str(self.root)], "train")
        kept = licensed(everything, catalogue, r"CC0|CC-BY-\d")
        self.assertEqual(len(kept.songs), 1)
        self.assertEqual(kept.voices, {})
        # What the catalogue does not name is left out, too.
        self.assertEqual([path.name for path in kept.accompaniments["beats"]], ["b.wav"])
        catalogue.write_text(catalogue.read_text().replace("vocals.wav,CC0-1.0", "vocals.wav,unknown"))
        self.assertEqual(licensed(everything, catalogue, r"CC0|CC-BY-\d").songs, ())
        with self.assertRaisesRegex(DataError, "No file of the data"):
            licensed(everything, catalogue, "MIT")
        with self.assertRaisesRegex(DataError, "no catalogue"):
            licensed(everything, self.root / "voices", "MIT")


def small(*changes: str) -> config.TrainConfig:
    return config.read(None, ["network.filters=[4,4,8,8,8,8]", "batch=4", "workers=0", *changes])


class TrainingTest(unittest.TestCase):
    def test_trains_resumes_and_exports(self) -> None:
        stereo = ("patch.channels=2", "patch.frames=64", "patch.bins=512", "stem=accompaniment")
        for settings in ((), stereo):
            with self.subTest(settings), tempfile.TemporaryDirectory() as folder:
                self.train_twice_and_export(Path(folder), settings)

    def train_twice_and_export(self, root: Path, settings: tuple[str, ...]) -> None:
        data = library.scan(made_up_data(root / "data"))
        folders = Folders(root / "run", root / "cache")
        train(small(*settings, "patches=48"), data, data, folders, resume=False)
        rows = [json.loads(line) for line in (root / "run" / "log.jsonl").read_text().splitlines()]
        self.assertTrue(all(math.isfinite(row["loss"]) for row in rows))
        self.assertEqual(rows[-1]["patches"], 48)
        train(small(*settings, "patches=64"), data, data, folders, resume=True)
        again = [json.loads(line) for line in (root / "run" / "log.jsonl").read_text().splitlines()]
        self.assertEqual(again[-1]["patches"], 64)
        self.assertEqual(again[-1]["step"], 16)
        self.assertEqual(json.loads((root / "run" / "config.json").read_text())["patches"], 64)

        card = root / "card.json"
        card.write_text(json.dumps({"id": "t", "title": "T", "licence": "MIT", "source": "test", "trainedOn": {}}))
        export.export(root / "run" / "best.pt", card, root / "t.safetensors")
        from safetensors import safe_open

        channels = 2 if settings else 1
        with safe_open(root / "t.safetensors", "pt") as file:
            description = json.loads(file.metadata()["unsung"])
            self.assertIn("decoder.5.conv.weight", file.keys())
            self.assertEqual(file.get_tensor("encoder.0.conv.weight").shape, (4, channels, 5, 5))
            self.assertEqual(file.get_tensor("decoder.0.conv.weight").shape, (8, 8, 5, 5))
        self.assertEqual(description["network"]["decoderFilters"], [8, 8, 8, 4, 4, channels])
        self.assertEqual(description["channels"], channels)
        self.assertEqual(description["target"], "accompaniment" if settings else "vocals")

    def test_starts_from_the_model_in_the_repository(self) -> None:
        folder = Path(__file__).resolve().parents[2] / "models" / "paper"
        trainer = Trainer(config.read(None, []), [folder])
        # Every convolution was replaced: float16 values, which random ones are not.
        for name, value in trainer.network.named_parameters():
            torch.testing.assert_close(value, value.half().float(), atol=0, rtol=0, msg=name)

    def test_reads_weights_in_eight_bits(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            steps = np.arange(256, dtype=np.uint8)[:200]
            norm = np.linspace(-1, 1, 7).astype(np.float16)
            (Path(place) / "weights.bin").write_bytes(steps.tobytes() + norm.tobytes())
            entries = [
                {"name": "encoder_0_conv/kernel", "shape": [5, 5, 2, 4], "dtype": "float32",
                 "quantization": {"dtype": "uint8", "scale": 0.5, "min": -3.0, "original_dtype": "float32"}},
                {"name": "encoder_0_norm/gamma", "shape": [7], "dtype": "float32",
                 "quantization": {"dtype": "float16", "original_dtype": "float32"}},
            ]
            manifest = [{"paths": ["weights.bin"], "weights": entries}]
            (Path(place) / "model.json").write_text(json.dumps({"weightsManifest": manifest}))
            state = read_model(Path(place))
            # Height, width, inputs, outputs → outputs, inputs, height, width.
            self.assertEqual(state["encoder.0.conv.weight"].shape, (4, 2, 5, 5))
            self.assertEqual(float(state["encoder.0.conv.weight"][3, 1, 4, 4]), 199 * 0.5 - 3)
            np.testing.assert_array_equal(state["encoder.0.norm.weight"].numpy(), norm.astype(np.float32))

    def test_starts_from_the_mean_of_several(self) -> None:
        folder = Path(__file__).resolve().parents[2] / "models" / "paper"
        one = Trainer(config.read(None, []), [folder])
        with tempfile.TemporaryDirectory() as place:
            other = Path(place) / "other.pt"
            torch.manual_seed(7)
            for value in one.average.parameters():
                value.data += torch.randn_like(value)
            one.save(other)
            mean = Trainer(config.read(None, []), [folder, other]).network.state_dict()
            alone = Trainer(config.read(None, []), [other]).network.state_dict()
            for name, value in read_model(folder).items():
                torch.testing.assert_close(alone[name], one.average.state_dict()[name], atol=0, rtol=0, msg=name)
                torch.testing.assert_close(mean[name], (value + alone[name]) / 2, msg=name)
            smaller = Path(place) / "smaller.pt"
            Trainer(small()).save(smaller)
            with self.assertRaisesRegex(ValueError, "different networks"):
                Trainer(config.read(None, []), [folder, smaller])

    def test_learns_to_tell_high_tones_from_low_ones(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            data = library.scan(made_up_data(Path(folder) / "data"))
            settings = small("learning_rate=5e-3", "mix.second_voice=0", "mix.second_accompaniment=0",
                             "levels.no_voice=0", "levels.no_accompaniment=0", "warm_up_steps=200")
            trainer = Trainer(settings)
            mixer = Mixer(data, AudioCache(Path(folder) / "cache", RATE), settings.patch, settings.mix)
            pairing = pairs.Pairing(settings.patch, settings.levels, torch.device("cpu"), 1)
            batch = next(iter(pairing.batches(mixer.pack(4, np.random.default_rng(1)), 1)))
            losses = [trainer.train_step(batch) for _ in range(60)]
            self.assertLess(np.mean(losses[-5:]), 0.5 * losses[0])

    def test_a_step_without_a_finite_loss_changes_nothing(self) -> None:
        trainer = Trainer(small())
        before = {k: v.clone() for k, v in trainer.network.named_parameters()}
        patch = torch.zeros(2, 1, 512, 128)
        loss = trainer.train_step(pairs.Batch(torch.full_like(patch, math.nan), patch, torch.ones(2, 1, 512, 1)))
        self.assertTrue(math.isnan(loss))
        self.assertEqual(trainer.step, 0)
        for name, value in trainer.network.named_parameters():
            torch.testing.assert_close(value, before[name])


if __name__ == "__main__":
    unittest.main()
