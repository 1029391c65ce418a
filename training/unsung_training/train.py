"""Trains one network: random mixes (paper, section 3.1) or a teacher's mixes (teacher.py), L1 on mask × mixture, Adam."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .audio_cache import AudioCache
from .config import TrainConfig, to_json
from .library import Library
from .mixing import Mixer
from .pairs import Pairing
from .pictures import draw_curves, draw_example
from .teacher import DistilPairs, TeacherMixes
from .trainer import Trainer, device, rank, world
from .validation import separate, validate

Scores = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Folders:
    """out: checkpoints, log.jsonl, config.json, pictures. cache: decoded audio. start: weights to begin with the mean of, see
    read_weights. distil: a folder of a teacher's mixes, or None for random mixes of the library."""

    out: Path
    cache: Path
    start: Sequence[Path] = ()
    distil: Path | None = None


class Draws(IterableDataset):
    """Endless packs of voices and accompaniments: see Mixer.pack."""

    def __init__(self, mixer: Mixer, batch: int, seed: int) -> None:
        self.mixer, self.batch, self.seed = mixer, batch, seed

    def __iter__(self):
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        while True:
            yield self.mixer.pack(self.batch, rng)


def agree(value: float) -> float:
    """The first process's value, so that all end their epochs, and the run, at the same step."""
    if not distributed.is_initialized():
        return value
    shared = torch.tensor([value], dtype=torch.float64)
    distributed.broadcast(shared, 0)
    return float(shared)


def score(result: Scores, choose_by: str = "") -> float:
    """What a checkpoint is chosen by: a set's vocals, or the gain over the mixture, mean of both stems and of all sets."""
    if choose_by:
        return result[choose_by]["vocals"]
    gains = [0.5 * (r["vocals"] - r["vocals_mixture"] + r["accompaniment"] - r["accompaniment_mixture"])
             for r in result.values()]
    return float(np.mean(gains))


class Epochs:
    """Validates, logs, draws and keeps checkpoints; the first process only. Spleeter's networks are validated in pairs, by
    evaluate_spleeter.py: of one alone the last checkpoint is the best."""

    def __init__(self, trainer: Trainer, held_out: Library, cache: AudioCache, out: Path) -> None:
        self.trainer, self.held_out, self.cache, self.out = trainer, held_out, cache, out

    def end(self, losses: list[float], seconds: float) -> None:
        trainer, config = self.trainer, self.trainer.config
        alone = config.family == "unet" and config.stem == "vocals"
        result = validate(self.held_out, self.cache, config.patch, trainer.predict) if alone else {}
        loss = float(np.nanmean(losses)) if losses else math.nan
        row = {"step": trainer.step, "patches": trainer.patches, "minutes": round(trainer.minutes, 2),
               "loss": loss, "learning_rate": trainer.rate(),
               "patches_per_second": len(losses) * config.batch * world() / seconds,
               "score": score(result, config.choose_by) if result else -loss, "valid": result}
        with (self.out / "log.jsonl").open("a") as log:
            print(json.dumps(row), file=log)
        print(json.dumps(row), flush=True)
        trainer.since_best += 1
        if row["score"] > trainer.best:
            trainer.best, trainer.since_best = row["score"], 0
            trainer.save(self.out / "best.pt")
        trainer.save(self.out / "last.pt")
        if result:
            draw_curves(self.out / "log.jsonl", self.out / "curves.png")
            draw_example(self.held_out, self.cache, config.patch, trainer.predict, separate, self.out / "example.png")


def source(config: TrainConfig, library: Library, cache: AudioCache, folders: Folders, where: torch.device,
           seed: int) -> tuple[IterableDataset, Callable]:
    """What the loader draws, and how it becomes batches."""
    if folders.distil:
        draws = TeacherMixes(folders.distil, config.patch, config.distil, config.batch, seed)
        return draws, DistilPairs(config.patch, config.levels, config.distil, where, seed, config.phase_sensitive).batches
    draws = Draws(Mixer(library, cache, config.patch, config.mix), config.batch, seed)
    return draws, Pairing(config.patch, config.levels, where, seed, config.stem, config.phase_sensitive).batches


def train(config: TrainConfig, library: Library, held_out: Library, folders: Folders, resume: bool) -> None:
    """Runs until `minutes`, or `patches`, are spent, or until nothing got better for `patience` epochs. Writes
    config.json, last.pt, best.pt, log.jsonl, curves.png and example.png to `folders.out`."""
    # Started by torchrun: one process a GPU; on a CPU one a core, which bears a busy machine better than threads do.
    if "WORLD_SIZE" in os.environ and not distributed.is_initialized():
        distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    if torch.cuda.is_available():
        torch.cuda.set_device(device())
    out = folders.out
    out.mkdir(parents=True, exist_ok=True)
    cache = AudioCache(folders.cache, config.patch.rate)
    if rank() == 0:
        (out / "config.json").write_text(json.dumps(to_json(config), indent=2) + "\n")
        drawn = [] if folders.distil else library.files()
        cache.fill(drawn + held_out.files(), max(2, config.workers))
    agree(0.0)
    trainer = Trainer(config, folders.start)
    if resume and (out / "last.pt").exists():
        trainer.resume(out / "last.pt")
    draws, batches = source(config, library, cache, folders, trainer.device, config.seed + 1000 * rank() + trainer.step)
    ahead = {"prefetch_factor": 4} if config.workers else {}
    loader = DataLoader(draws, batch_size=None, num_workers=config.workers, pin_memory=trainer.device.type == "cuda", **ahead)
    epochs = Epochs(trainer, held_out, cache, out)
    losses: list[float] = []
    clock = epoch_began = agree(time.monotonic())
    for drawn in loader:
        losses += [trainer.train_step(batch) for batch in batches(drawn, config.pairings)]
        now = agree(time.monotonic())
        trainer.minutes += (now - clock) / 60
        clock = now
        finished = trainer.progress() >= 1
        if now - epoch_began < config.epoch_minutes * 60 and not finished:
            continue
        if rank() == 0:
            epochs.end(losses, now - epoch_began)
        losses.clear()
        clock = epoch_began = agree(time.monotonic())
        stale = agree(float(config.patience > 0 and trainer.since_best >= config.patience))
        if finished or stale:
            return
