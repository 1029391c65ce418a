"""Mixes with a teacher's vocals, made once, for training a smaller network (Hinton et al. 2015, knowledge distillation).

    python -m unsung_training.teacher --vocals V --accompaniment A --data DIR/train --out DIR --count 1500

The mixes are stereo at 44.1 kHz, as Spleeter's networks expect; what is kept is mono at the student's rate: an array
(3, samples) int16 of voice, accompaniment and the teacher's vocals, all at one gain.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from scipy import signal
from torch import Tensor, nn
from torch.utils.data import IterableDataset, get_worker_info

from . import augment
from .audio_cache import FULL_SCALE, AudioCache
from .datasets.open_data import open_data
from .mixing import MixConfig, Mixer
from .pairs import Batch, LevelConfig, Spectra, target_magnitude
from .spectra import PatchConfig
from .spleeter import load_spleeter
from .two_stems import RATE, Scaling, separate

BINS = 512
EXPONENT = 1.5
STUDENT_RATE = 8192
# A common multiple, so that a mix has a whole number of samples at both rates: 44100 / 8192 = 11025 / 2048.
BLOCKS = 95
SAMPLES, STUDENT_SAMPLES = BLOCKS * 11025, BLOCKS * 2048
PAIRINGS = 3
# Without change of pitch or key; loud, dense mixes as on records.
MIX = MixConfig(own_pair=0.2, second_voice=0.25, second_accompaniment=0.35, reverberation=0.6, voice_compression=0.6,
                accompaniment_compression=0.4, speed_change=0.6, pan=0.2)


@dataclass(frozen=True)
class MixLevels:
    """Chances are of each mix; levels in decibels, of the voice relative to the accompaniment."""

    voice_level: tuple[float, float] = (-10.0, 5.0)
    no_voice: float = 0.15
    # Soft clipping of the whole mix, as a limiter does it; both stems get its gain.
    saturation: float = 0.4
    rms: tuple[float, float] = (0.08, 0.25)


def mixed(voice: np.ndarray, backing: np.ndarray, levels: MixLevels, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two sounds of active RMS 1, (2, samples) → the stems of a mix, float32."""
    gain = 0.0 if rng.random() < levels.no_voice else 10.0 ** (rng.uniform(*levels.voice_level) / 20)
    voice = voice * np.float32(gain)
    mixture = voice + backing
    if rng.random() < levels.saturation:
        drive = rng.uniform(0.2, 1.0) / max(float(mixture.std()), 1e-6)
        bent = (np.tanh(mixture * drive) / np.where(mixture == 0, 1, mixture * drive)).astype(np.float32)
        voice, backing, mixture = voice * bent, backing * bent, mixture * bent
    low, high = levels.rms
    scale = np.float32(low * (high / low) ** rng.random() / max(float(mixture.std()), 1e-6))
    return voice * scale, backing * scale


def at_student_rate(sound: np.ndarray) -> np.ndarray:
    """(2, SAMPLES) → mono (STUDENT_SAMPLES,), by a brick wall in the frequency domain."""
    return signal.resample(sound.mean(axis=0), STUDENT_SAMPLES).astype(np.float32)


def mixes(mixer: Mixer, networks: Sequence[nn.Module], levels: MixLevels, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Endless arrays (3, STUDENT_SAMPLES) float32: voice, accompaniment, the teacher's vocals."""
    while True:
        voices, backings, *_ = mixer.pack(PAIRINGS, rng)
        for shift in range(PAIRINGS):
            for voice, backing in zip(voices.numpy(), backings.roll(shift, 0).numpy()):
                stems = mixed(voice[:, :SAMPLES], backing[:, :SAMPLES], levels, rng)
                mixture = torch.from_numpy(stems[0] + stems[1])
                vocals = separate(mixture, *networks, BINS, EXPONENT, Scaling(), half=True).numpy()
                yield np.stack([at_student_rate(sound) for sound in (*stems, vocals)])


@dataclass(frozen=True)
class DistilConfig:
    """share: of the teacher in the target where the voice is known; the rest is the truth. Without a voice the teacher
    alone is the target: an instrumental may hold pieces of voices that nobody listed."""

    share: float = 0.5
    speed_change: float = 0.3
    speed: tuple[float, float] = (0.85, 1.18)


class TeacherMixes(IterableDataset):
    """Endless packs of patches from a folder of mixes: (batch, 3, samples of the patch) float32. The folder may grow."""

    def __init__(self, folder: Path, patch: PatchConfig, distil: DistilConfig, batch: int, seed: int) -> None:
        self.folder, self.patch, self.distil, self.batch, self.seed = folder, patch, distil, batch, seed
        if not any(folder.glob("*.npy")):
            raise FileNotFoundError(f"{folder} holds no mixes: make them with `python -m unsung_training.teacher`")

    def _one(self, path: Path, rng: np.random.Generator) -> np.ndarray:
        patch, distil = self.patch, self.distil
        ratio = 1.0
        if rng.random() < distil.speed_change:
            low, high = distil.speed
            ratio = float(low * (high / low) ** rng.random())
        needed = int(np.ceil(patch.samples * ratio)) + (4 if ratio != 1.0 else 0)
        sounds = np.load(path, mmap_mode="r")
        start = int(rng.integers(0, sounds.shape[1] - needed + 1))
        piece = sounds[:, start : start + needed].astype(np.float32) / FULL_SCALE
        if ratio == 1.0:
            return piece
        return np.stack([augment.vary_speed(sound, ratio, patch.samples) for sound in piece])

    def __iter__(self) -> Iterator[Tensor]:
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        while True:
            paths = sorted(self.folder.glob("*.npy"))
            for _ in range(200):
                chosen = rng.integers(0, len(paths), self.batch)
                yield torch.from_numpy(np.stack([self._one(paths[i], rng) for i in chosen]))


class DistilPairs(Spectra):
    """Makes training pairs of TeacherMixes' packs."""

    def __init__(self, patch: PatchConfig, levels: LevelConfig, distil: DistilConfig, device: torch.device, seed: int,
                 phase_sensitive: bool = False) -> None:
        super().__init__(patch, levels, device, seed)
        self.distil, self.phase_sensitive = distil, phase_sensitive

    def batches(self, sounds: Tensor, pairings: int = 1) -> Iterator[Batch]:
        """(n, 3, samples) → one batch."""
        sounds = sounds.to(self.device, non_blocking=True)
        voice, backing, teacher = (self.stft(sounds[:, k : k + 1]) for k in range(3))
        mixture = voice + backing
        magnitude = mixture.abs()
        truth = target_magnitude(voice, mixture, self.phase_sensitive)
        known = sounds[:, 0].abs().amax(1) > 1e-4
        share = torch.where(known, self.distil.share, 1.0)[:, None, None, None]
        target = torch.lerp(truth, torch.minimum(teacher.abs(), magnitude), share)
        gain = self.scale(magnitude * (equaliser := self.equaliser(len(sounds)))) * equaliser
        weight = magnitude.new_ones(len(sounds), 1, self.patch.bins, 1)
        yield Batch(magnitude * gain, target * gain, weight)


def main() -> None:
    parser = argparse.ArgumentParser(prog="unsung_training.teacher", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocals", type=Path, required=True)
    parser.add_argument("--accompaniment", type=Path, required=True)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path(".training-cache"))
    options = parser.parse_args()
    library = open_data(options.data, "train", options.cache)
    frames = -(-SAMPLES // 1024)
    patch = replace(PatchConfig(), rate=RATE, channels=2, fft_size=4096, hop=1024, bins=BINS, frames=frames)
    mixer = Mixer(library, AudioCache(options.cache, RATE), patch, MIX)
    networks = [load_spleeter(options.vocals), load_spleeter(options.accompaniment)]
    options.out.mkdir(parents=True, exist_ok=True)
    made = mixes(mixer, networks, MixLevels(), np.random.default_rng(options.seed))
    for number, sounds in zip(range(options.count), made):
        target = options.out / f"{options.seed}-{number:06d}.npy"
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            np.save(file, np.round(np.clip(sounds, -1, 1) * FULL_SCALE).astype(np.int16))
        partial.rename(target)


if __name__ == "__main__":
    main()
