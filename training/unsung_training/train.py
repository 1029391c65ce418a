"""Trains a vocals network: random mixes, L1 on mask × mixture (paper, section 3.1), Adam."""

from __future__ import annotations

import copy
import json
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .audio_cache import AudioCache
from .library import scan
from .mixing import MixConfig, Mixer
from .network import NetworkConfig, UNet
from .spectra import PatchConfig
from .start import read_model
from .validation import validate


@dataclass(frozen=True)
class TrainConfig:
    """minutes: the whole run's length, over which the learning rate falls as a half cosine. batch: for each process."""

    data: Path
    valid: Path
    out: Path
    cache: Path
    minutes: float
    batch: int = 16
    learning_rate: float = 1e-3
    dropout: float = 0.15
    # log(1 + scale · x) of the normalised magnitude goes in; 0 gives the magnitude itself.
    compression: float = 10.0
    filters: tuple[int, ...] = (16, 32, 64, 128, 256, 512)
    epoch_minutes: float = 8.0
    averaging: float = 0.999
    # Processes that mix, for each process that trains; 0 mixes in the training process itself.
    workers: int = 1
    # Times that each drawn voice and accompaniment are used, in other pairs and at other levels.
    pairings: int = 2
    seed: int = 1
    # A folder of models/ whose weights are the first ones.
    start: Path | None = None
    compile: bool = False


AVERAGE_EVERY = 4


def compress(magnitude: Tensor, scale: float) -> Tensor:
    return torch.log1p(scale * magnitude) if scale else magnitude


class RandomMixes(IterableDataset):
    """Endless batches of (mixture, vocals), each (batch, bins, frames) float32."""

    def __init__(self, mixer: Mixer, batch: int, pairings: int, seed: int) -> None:
        self.mixer, self.batch, self.pairings, self.seed = mixer, batch, pairings, seed

    def __iter__(self):
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        while True:
            voices, backings = self.mixer.pack(self.batch, rng)
            for shift in range(self.pairings):
                mixture, target = self.mixer.mixtures(voices, np.roll(backings, shift, axis=0), rng)
                yield torch.from_numpy(mixture), torch.from_numpy(target)


class Trainer:
    """The state of a run: network, its moving average, optimiser, steps and minutes spent."""

    def __init__(self, config: TrainConfig) -> None:
        torch.manual_seed(config.seed)
        self.config = config
        # torchrun numbers its processes; each takes the GPU of its number.
        local = int(os.environ.get("LOCAL_RANK", 0))
        self.device = torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")
        self.network = UNet(NetworkConfig(filters=config.filters, dropout=config.dropout)).to(self.device)
        if config.start is not None:
            missing, surplus = self.network.load_state_dict(read_model(config.start), strict=False)
            if surplus or any("num_batches_tracked" not in name for name in missing):
                raise ValueError(f"{config.start} is another network: {missing} are missing, {surplus} too many")
        self.average = copy.deepcopy(self.network).eval()
        # The mean over a patch makes gradients of 1e-8 in the deepest layers: Adam's usual epsilon would brake them.
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=config.learning_rate, eps=1e-12, fused=True)
        self.step, self.minutes, self.best = 0, 0.0, -math.inf
        self.forward = torch.compile(self.network) if config.compile else self.network
        if distributed.is_initialized():
            self.forward = DistributedDataParallel(self.forward)

    def state(self) -> dict:
        settings = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(self.config).items()}
        return {"network": self.network.state_dict(), "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(), "step": self.step, "minutes": self.minutes,
                "best": self.best, "config": settings}

    def save(self, path: Path) -> None:
        partial = path.with_suffix(".partial")
        torch.save(self.state(), partial)
        partial.replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        for group in self.optimiser.param_groups:
            group.update(eps=self.optimiser.defaults["eps"], fused=True, foreach=None)
        self.step, self.minutes, self.best = state["step"], state["minutes"], state["best"]

    def rate(self) -> float:
        done = min(1.0, self.minutes / self.config.minutes)
        warm = min(1.0, (self.step + 1) / 200)
        return self.config.learning_rate * warm * (0.5 * (1 + math.cos(math.pi * done)) * 0.99 + 0.01)

    def train_step(self, mixture: Tensor, target: Tensor) -> float:
        """One Adam step on L1 of mask × mixture − vocals. A step whose loss is not finite is skipped (NaN back)."""
        mixture = mixture.to(self.device, non_blocking=True).unsqueeze(1)
        target = target.to(self.device, non_blocking=True).unsqueeze(1)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast(self.device.type, torch.bfloat16):
            mask = self.forward(compress(mixture, self.config.compression))
        loss = (mask * mixture - target).abs().mean()
        if not torch.isfinite(loss):
            return math.nan
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
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
        """(n, bins, frames) → masks of that shape, by the averaged network in float32."""
        masks = []
        for start in range(0, len(patches), 16):
            x = torch.from_numpy(patches[start : start + 16]).to(self.device).unsqueeze(1)
            masks.append(self.average(compress(x, self.config.compression)).squeeze(1).cpu().numpy())
        return np.concatenate(masks)


def rank() -> int:
    return distributed.get_rank() if distributed.is_initialized() else 0


def world() -> int:
    return distributed.get_world_size() if distributed.is_initialized() else 1


def agree(seconds: float) -> float:
    """The first process's clock, so that all end their epochs, and the run, at the same step."""
    if not distributed.is_initialized():
        return seconds
    shared = torch.tensor([seconds], dtype=torch.float64)
    distributed.broadcast(shared, 0)
    return float(shared)


def score(result: dict[str, dict[str, float]]) -> float:
    """What a checkpoint is chosen by: the gain over the mixture, mean of both stems, each data set counting once."""
    gains = [0.5 * (r["vocals"] - r["vocals_mixture"] + r["accompaniment"] - r["accompaniment_mixture"])
             for r in result.values()]
    return float(np.mean(gains))


def train(config: TrainConfig, resume: bool) -> None:
    """Runs until `minutes` are spent. Writes last.pt, best.pt and log.jsonl to `out`."""
    # Started by torchrun: one process a GPU; on a CPU one a core, which bears a busy machine better than threads do.
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    config.out.mkdir(parents=True, exist_ok=True)
    patch = PatchConfig()
    library, held_out = scan(config.data), scan(config.valid)
    cache = AudioCache(config.cache, patch.rate)
    if rank() == 0:
        cache.fill(library.files() + held_out.files(), max(2, config.workers))
    agree(0.0)
    trainer = Trainer(config)
    last = config.out / "last.pt"
    if resume and last.exists():
        trainer.resume(last)
    mixes = RandomMixes(Mixer(library, cache, patch, MixConfig()), config.batch, config.pairings,
                        config.seed + 1000 * rank() + trainer.step)
    loader = DataLoader(mixes, batch_size=None, num_workers=config.workers,
                        prefetch_factor=4 if config.workers else None, pin_memory=trainer.device.type == "cuda")
    losses: list[float] = []
    clock = epoch_began = agree(time.monotonic())
    with (config.out / "log.jsonl").open("a") as log:
        for mixture, target in loader:
            losses.append(trainer.train_step(mixture, target))
            now = agree(time.monotonic())
            trainer.minutes += (now - clock) / 60
            clock = now
            finished = trainer.minutes >= config.minutes
            if now - epoch_began < config.epoch_minutes * 60 and not finished:
                continue
            if rank() == 0:
                result = validate(held_out, cache, patch, trainer.predict)
                row = {"step": trainer.step, "minutes": round(trainer.minutes, 2), "loss": float(np.nanmean(losses)),
                       "patches_per_second": len(losses) * config.batch * world() / (now - epoch_began),
                       "score": score(result), "valid": result}
                print(json.dumps(row), file=log, flush=True)
                print(json.dumps(row), flush=True)
                if row["score"] > trainer.best:
                    trainer.best = row["score"]
                    trainer.save(config.out / "best.pt")
                trainer.save(last)
            losses.clear()
            clock = epoch_began = agree(time.monotonic())
            if finished:
                return
