"""The state of a run: network, its moving average, optimiser, steps, patches and minutes spent."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from .config import TrainConfig, from_json, to_json
from .network import UNet
from .pairs import Batch, magnitude_loss
from .spleeter import SpleeterUNet, freeze_norms
from .start import read_weights

AVERAGE_EVERY = 4


def compress(magnitude: Tensor, scale: float) -> Tensor:
    return torch.log1p(scale * magnitude) if scale else magnitude


def device() -> torch.device:
    """torchrun numbers its processes; each takes the GPU of its number."""
    local = int(os.environ.get("LOCAL_RANK", 0))
    return torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")


@cache
def bfloat16_pays(kind: str) -> bool:
    """On a GPU always. A processor without bfloat16 instructions emulates them, ten times slower: so it is timed, in
    seconds of the processor, which other programs do not lengthen much."""
    if kind != "cpu":
        return True
    layer = nn.Conv2d(64, 64, 3, padding=1).to(memory_format=torch.channels_last)
    x = torch.randn(4, 64, 64, 64).to(memory_format=torch.channels_last)
    spent = {False: math.inf, True: math.inf}
    with torch.no_grad():
        for half in (False, True) * 4:
            began = time.process_time()
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                for _ in range(4):
                    layer(x)
            spent[half] = min(spent[half], time.process_time() - began)
    return spent[True] < 0.9 * spent[False]


def build_network(config: TrainConfig) -> nn.Module:
    """A network with random weights."""
    if config.family == "spleeter":
        return SpleeterUNet(config.patch.channels, config.network.dropout)
    return UNet(config.network)


def rank() -> int:
    return distributed.get_rank() if distributed.is_initialized() else 0


def world() -> int:
    return distributed.get_world_size() if distributed.is_initialized() else 1


def all_finite(loss: Tensor) -> bool:
    """Of every process: one that skipped a step alone would leave the others waiting for its gradients."""
    finite = torch.isfinite(loss.detach()).float().cpu().reshape(1)
    if distributed.is_initialized():
        distributed.all_reduce(finite, distributed.ReduceOp.MIN)
    return bool(finite)


class Trainer:
    """One step after the other; `start` names weights to begin with, see read_weights."""

    def __init__(self, config: TrainConfig, start: Sequence[Path] = ()) -> None:
        torch.manual_seed(config.seed)
        self.config, self.device = config, device()
        if self.device.type == "cuda":
            torch.set_float32_matmul_precision("high")  # TF32
            torch.backends.cudnn.benchmark = True
        network = build_network(config)
        if start:
            _begin_with(network, start)
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.teacher = copy.deepcopy(self.average) if config.teacher_share else None
        if config.freeze_norms:
            freeze_norms(self.network)
        options = {"fused": True} if self.device.type == "cuda" else {"foreach": True}
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=config.learning_rate, eps=config.epsilon, **options)
        self.step, self.patches, self.minutes, self.best, self.since_best = 0, 0, 0.0, -math.inf, 0
        self.half = bfloat16_pays(self.device.type)
        self.forward = torch.compile(self.network) if config.compile else self.network
        if distributed.is_initialized():
            self.forward = DistributedDataParallel(self.forward)

    def state(self) -> dict:
        kept = {} if self.teacher is None else {"teacher": self.teacher.state_dict()}
        return {"network": self.network.state_dict(), "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(), "step": self.step, "patches": self.patches,
                "minutes": self.minutes, "best": self.best, "since_best": self.since_best,
                "config": to_json(self.config), **kept}

    def save(self, path: Path) -> None:
        partial = path.with_suffix(".partial")
        torch.save(self.state(), partial)
        partial.replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        if self.teacher is not None:
            self.teacher.load_state_dict(state["teacher"])
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

    def mask(self, network: nn.Module, magnitude: Tensor) -> Tensor:
        """Normalised magnitude (n, channels, bins, frames) → mask of that shape; Spleeter's inputs are transposed."""
        x = compress(magnitude, self.config.compression)
        if self.config.family == "spleeter":
            return network(x.transpose(2, 3)).transpose(2, 3)
        return network(x)

    def loss(self, batch: Batch) -> Tensor:
        config = self.config
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            mask = self.mask(self.forward, batch.mixture)
            if self.teacher is not None:
                with torch.no_grad():
                    kept = self.mask(self.teacher, batch.mixture) * batch.mixture
        loss = magnitude_loss(mask, batch, config.relative_loss)
        if self.teacher is None:
            return loss
        towards = Batch(batch.mixture, kept, torch.ones_like(batch.weight))
        return loss + config.teacher_share * magnitude_loss(mask, towards, config.relative_loss)

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
        for name, value in now.items():
            if value.is_floating_point():
                mean[name].lerp_(value, 1.0 - keep)

    @torch.no_grad()
    def predict(self, patches: np.ndarray) -> np.ndarray:
        """(n, channels, bins, frames) → masks of that shape, by the averaged network in float32."""
        masks = []
        for start in range(0, len(patches), 16):
            x = torch.from_numpy(patches[start : start + 16]).to(self.device)
            masks.append(self.mask(self.average, x).cpu().numpy())
        return np.concatenate(masks)


def load_trainer(checkpoint: Path) -> Trainer:
    """The trainer that wrote the checkpoint, on this machine."""
    trainer = Trainer(from_json(torch.load(checkpoint, map_location="cpu")["config"]))
    trainer.resume(checkpoint)
    return trainer


def _begin_with(network: nn.Module, paths: Sequence[Path]) -> None:
    missing, surplus = network.load_state_dict(read_weights(paths), strict=False)
    missing = [name for name in missing if "num_batches_tracked" not in name]
    if surplus or missing:
        raise ValueError(f"{paths[0]} is another network: {missing} are missing, {surplus} too many")
