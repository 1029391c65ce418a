"""Trains a vocals network: random mixes, L1 on mask × mixture (paper, section 3.1), Adam."""

from __future__ import annotations

import copy
import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .audio_cache import AudioCache
from .config import TrainConfig, from_json, to_json
from .library import Library
from .mixing import Mixer
from .network import UNet
from .pairs import Batch, Pairing, complex_loss, magnitude_loss
from .pictures import draw_curves, draw_example
from .start import for_channels, read_weights
from .validation import separate, validate
from .variants import widened

AVERAGE_EVERY = 4


@dataclass(frozen=True)
class Folders:
    """out: checkpoints, log.jsonl, config.json, pictures. cache: decoded audio. start: weights to begin with the mean of, see
    read_weights."""

    out: Path
    cache: Path
    start: Sequence[Path] = ()


def compress(magnitude: Tensor, scale: float) -> Tensor:
    return torch.log1p(scale * magnitude) if scale else magnitude


class Draws(IterableDataset):
    """Endless packs of voices and accompaniments: see Mixer.pack."""

    def __init__(self, mixer: Mixer, batch: int, seed: int) -> None:
        self.mixer, self.batch, self.seed = mixer, batch, seed

    def __iter__(self):
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        while True:
            yield self.mixer.pack(self.batch, rng)


def device() -> torch.device:
    """torchrun numbers its processes; each takes the GPU of its number."""
    local = int(os.environ.get("LOCAL_RANK", 0))
    return torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")


def bfloat16_pays(where: torch.device) -> bool:
    """A processor without bfloat16 instructions emulates them: ten times slower than float32 (measured with AVX2)."""
    return where.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()


class Trainer:
    """The state of a run: network, its moving average, optimiser, steps, patches and minutes spent."""

    def __init__(self, config: TrainConfig, start: Sequence[Path] = ()) -> None:
        torch.manual_seed(config.seed)
        self.config, self.device = config, device()
        if self.device.type == "cuda":
            torch.set_float32_matmul_precision("high")  # TF32
            torch.backends.cudnn.benchmark = True
        network = UNet(config.network)
        if start:
            _begin_with(network, start)
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=config.learning_rate, eps=config.epsilon, fused=True)
        self.step, self.patches, self.minutes, self.best, self.since_best = 0, 0, 0.0, -math.inf, 0
        self.half = bfloat16_pays(self.device)
        self.forward = torch.compile(self.network) if config.compile else self.network
        if distributed.is_initialized():
            self.forward = DistributedDataParallel(self.forward)

    def state(self) -> dict:
        return {"network": self.network.state_dict(), "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(), "step": self.step, "patches": self.patches,
                "minutes": self.minutes, "best": self.best, "since_best": self.since_best, "config": to_json(self.config)}

    def save(self, path: Path) -> None:
        partial = path.with_suffix(".partial")
        torch.save(self.state(), partial)
        partial.replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        for name in ("step", "patches", "minutes", "best", "since_best"):
            setattr(self, name, state[name])

    def progress(self) -> float:
        """Share of the run that is done, [0, 1]."""
        config = self.config
        return min(1.0, self.patches / config.patches if config.patches else self.minutes / config.minutes)

    def rate(self) -> float:
        warm = min(1.0, (self.step + 1) / max(1, self.config.warm_up_steps))
        return self.config.learning_rate * warm * (0.5 * (1 + math.cos(math.pi * self.progress())) * 0.99 + 0.01)

    def loss(self, batch: Batch) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            mask = self.forward(compress(batch.mixture, self.config.compression))
        share, relative = self.config.complex_share, self.config.relative_loss
        other = self.config.accompaniment_share
        loss = magnitude_loss(mask, batch, relative, other) * (1 - share) if share < 1 else mask.new_zeros(())
        return loss + share * complex_loss(mask, batch, self.config.patch, relative) if share else loss

    def train_step(self, batch: Batch) -> float:
        """One Adam step. A step whose loss is not finite is skipped (NaN back)."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        loss = self.loss(batch)
        self.patches += len(batch.mixture) * world()
        if not all_finite(loss):
            return math.nan
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip)
        self.optimiser.step()
        self.step += 1
        self._move_average()
        return float(loss.detach())

    @torch.no_grad()
    def _move_average(self) -> None:
        """Every few steps: a moving average is as good so, and a quarter of the work."""
        if self.step % AVERAGE_EVERY:
            return
        keep = min(self.config.averaging, (1 + self.step) / (10 + self.step)) ** AVERAGE_EVERY
        now, mean = self.network.state_dict(), self.average.state_dict()
        names = [name for name, value in now.items() if value.is_floating_point()]
        torch._foreach_lerp_([mean[name] for name in names], [now[name] for name in names], 1.0 - keep)

    @torch.no_grad()
    def predict(self, patches: np.ndarray) -> np.ndarray:
        """(n, channels, rows, frames) → masks of that shape, by the averaged network in float32."""
        masks = []
        for start in range(0, len(patches), 16):
            x = torch.from_numpy(patches[start : start + 16]).to(self.device)
            masks.append(self.average(compress(x, self.config.compression)).cpu().numpy())
        return np.concatenate(masks)


def load_trainer(checkpoint: Path) -> Trainer:
    """The trainer that wrote the checkpoint, on this machine."""
    trainer = Trainer(from_json(torch.load(checkpoint, map_location="cpu")["config"]))
    trainer.resume(checkpoint)
    return trainer


def _begin_with(network: UNet, paths: Sequence[Path]) -> None:
    state = for_channels(read_weights(paths), network.config.channels)
    missing, surplus = network.load_state_dict(state, strict=False)
    # Blocks of frequency mixing begin as nothing at all, so a network without them is a start for one with them.
    missing = [name for name in missing if "num_batches_tracked" not in name and "_mixing." not in name]
    if surplus or missing:
        raise ValueError(f"{paths[0]} is another network: {missing} are missing, {surplus} too many")


def rank() -> int:
    return distributed.get_rank() if distributed.is_initialized() else 0


def world() -> int:
    return distributed.get_world_size() if distributed.is_initialized() else 1


def agree(value: float) -> float:
    """The first process's value, so that all end their epochs, and the run, at the same step."""
    if not distributed.is_initialized():
        return value
    shared = torch.tensor([value], dtype=torch.float64)
    distributed.broadcast(shared, 0)
    return float(shared)


def all_finite(loss: Tensor) -> bool:
    """Of every process: one that skipped a step alone would leave the others waiting for its gradients."""
    finite = torch.isfinite(loss.detach()).float().cpu().reshape(1)
    if distributed.is_initialized():
        distributed.all_reduce(finite, distributed.ReduceOp.MIN)
    return bool(finite)


def score(result: dict[str, dict[str, float]]) -> float:
    """What a checkpoint is chosen by: the gain over the mixture, mean of both stems, each data set counting once."""
    gains = [0.5 * (r["vocals"] - r["vocals_mixture"] + r["accompaniment"] - r["accompaniment_mixture"])
             for r in result.values()]
    return float(np.mean(gains))


class Epochs:
    """Validates, logs, draws and keeps checkpoints; the first process only."""

    def __init__(self, trainer: Trainer, held_out: Library, cache: AudioCache, out: Path) -> None:
        self.trainer, self.held_out, self.cache, self.out = trainer, held_out, cache, out

    def end(self, losses: list[float], seconds: float) -> None:
        trainer, config = self.trainer, self.trainer.config
        result = validate(self.held_out, self.cache, config.patch, trainer.predict)
        row = {"step": trainer.step, "patches": trainer.patches, "minutes": round(trainer.minutes, 2),
               "loss": float(np.nanmean(losses)) if losses else math.nan, "learning_rate": trainer.rate(),
               "patches_per_second": len(losses) * config.batch * world() / seconds,
               "score": score(result), "valid": result}
        with (self.out / "log.jsonl").open("a") as log:
            print(json.dumps(row), file=log)
        print(json.dumps(row), flush=True)
        trainer.since_best += 1
        if row["score"] > trainer.best:
            trainer.best, trainer.since_best = row["score"], 0
            trainer.save(self.out / "best.pt")
        trainer.save(self.out / "last.pt")
        draw_curves(self.out / "log.jsonl", self.out / "curves.png")
        draw_example(self.held_out, self.cache, config.patch, trainer.predict, separate, self.out / "example.png")


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
    library = widened(library, config.variants)
    if rank() == 0:
        (out / "config.json").write_text(json.dumps(to_json(config), indent=2) + "\n")
        cache.fill(library.files() + held_out.files(), max(2, config.workers))
    agree(0.0)
    trainer = Trainer(config, folders.start)
    if resume and (out / "last.pt").exists():
        trainer.resume(out / "last.pt")
    seed = config.seed + 1000 * rank() + trainer.step
    draws = Draws(Mixer(library, cache, config.patch, config.mix), config.batch, seed)
    loader = DataLoader(draws, batch_size=None, num_workers=config.workers,
                        prefetch_factor=4 if config.workers else None, pin_memory=trainer.device.type == "cuda")
    pairing = Pairing(config.patch, config.levels, trainer.device, seed, config.complex_share > 0,
                      config.accompaniment_share > 0)
    epochs = Epochs(trainer, held_out, cache, out)
    losses: list[float] = []
    clock = epoch_began = agree(time.monotonic())
    for drawn in loader:
        losses += [trainer.train_step(batch) for batch in pairing.batches(drawn, config.pairings)]
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
