"""A run's whole configuration: one JSON file (configs/), changed by --set NAME=VALUE."""

from __future__ import annotations

import json
import typing
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

from .mixing import MixConfig
from .network import NetworkConfig
from .pairs import LevelConfig
from .spectra import PatchConfig
from .teacher import DistilConfig


@dataclass(frozen=True)
class TrainConfig:
    """What a run is, but for its folders. Its length is `minutes`, or `patches` where that is not 0."""

    # unet: the paper's network (network.py). spleeter: spleeter.py, for which `network` sets only the dropout.
    family: str = "unet"
    # Which stem the network makes: vocals or accompaniment.
    stem: str = "vocals"
    patch: PatchConfig = field(default_factory=PatchConfig)
    # Its `channels` follow the patch.
    network: NetworkConfig = field(default_factory=lambda: NetworkConfig(dropout=0.05))
    mix: MixConfig = field(default_factory=MixConfig)
    levels: LevelConfig = field(default_factory=LevelConfig)
    # With --distil only.
    distil: DistilConfig = field(default_factory=DistilConfig)
    # log(1 + compression · x) of the normalised magnitude goes in; 0 gives the magnitude itself.
    compression: float = 10.0
    # Each patch's loss counts relative to its mean magnitude; false: as it is.
    relative_loss: bool = True
    # The target is the part of the stem in phase with the mixture (pairs.py); false: the stem's magnitude, as in the paper.
    phase_sensitive: bool = False
    # This times the L1 to the output of the network as it began is added to the loss.
    teacher_share: float = 0.0
    # Batch norms keep their statistics.
    freeze_norms: bool = False
    minutes: float = 100.0
    patches: int = 0
    # For each process.
    batch: int = 16
    # Adam; the rate rises over the first steps and falls as a half cosine over the run.
    learning_rate: float = 1e-3
    warm_up_steps: int = 200
    # Adam's usual 1e-8 would brake the deepest layers, whose gradients are near it.
    epsilon: float = 1e-12
    clip: float = 1.0
    # Of the moving average of the weights, a step.
    averaging: float = 0.999
    epoch_minutes: float = 8.0
    # The checkpoint is chosen by this set's vocals; without a name by the mean gain over all sets.
    choose_by: str = ""
    # Ends the run after so many epochs without a better validation; 0 never does.
    patience: int = 0
    # Times that each drawn voice and accompaniment are used, in other pairs and at other levels.
    pairings: int = 2
    # Processes that draw, for each process that trains; 0 draws in the training process itself.
    workers: int = 1
    seed: int = 1
    compile: bool = False


class ConfigError(ValueError):
    """A configuration that cannot be used, in a sentence."""


def _build(kind: Any, value: Any, where: str) -> Any:
    """Plain JSON → a dataclass, checked by its annotations."""
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise ConfigError(f"{where or 'the configuration'} must be an object, not {value!r}")
        hints = typing.get_type_hints(kind)
        unknown = sorted(set(value) - set(hints))
        if unknown:
            raise ConfigError(f"{where or 'the configuration'} has no {', '.join(unknown)}; it has {', '.join(sorted(hints))}")
        return kind(**{name: _build(hints[name], part, f"{where}.{name}".lstrip(".")) for name, part in value.items()})
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, (list, tuple)):
            raise ConfigError(f"{where} must be a list, not {value!r}")
        inner = typing.get_args(kind)
        kinds = [inner[0]] * len(value) if len(inner) == 2 and inner[1] is Ellipsis else list(inner)
        if len(kinds) != len(value):
            raise ConfigError(f"{where} must have {len(kinds)} items, not {len(value)}")
        return tuple(_build(k, v, f"{where}[{n}]") for n, (k, v) in enumerate(zip(kinds, value)))
    if kind is float and type(value) is int:
        return float(value)
    if isinstance(kind, type) and type(value) is not kind:
        raise ConfigError(f"{where} must be of type {kind.__name__}, not {value!r}")
    return value


def _merge(base: dict, over: dict) -> dict:
    """`over` laid over `base`; objects are merged, everything else is replaced."""
    return {**base, **{k: _merge(base[k], v) if isinstance(v, dict) and isinstance(base.get(k), dict) else v
                       for k, v in over.items()}}


def to_json(config: TrainConfig) -> dict:
    return asdict(config)


def from_json(value: dict) -> TrainConfig:
    """Names that `value` leaves out have their defaults. Raises ConfigError."""
    if not isinstance(value, dict):
        raise ConfigError(f"the configuration must be an object, not {value!r}")
    patch = _build(PatchConfig, _merge(asdict(PatchConfig()), value.get("patch", {})), "patch")
    follow = {"network": {"channels": patch.channels}}
    config = _build(TrainConfig, _merge(_merge(to_json(TrainConfig()), value), follow), "")
    for name, allowed in (("family", ("unet", "spleeter")), ("stem", ("vocals", "accompaniment"))):
        if getattr(config, name) not in allowed:
            raise ConfigError(f"{name} is {' or '.join(allowed)}, not {getattr(config, name)}")
    if config.family == "spleeter" and (config.patch.channels != 2 or config.compression or not config.levels.rms[1]):
        raise ConfigError("family spleeter wants patch.channels 2, compression 0 and levels.rms: it takes magnitudes as they are")
    return config


def read(path: Path | None, changes: list[str]) -> TrainConfig:
    """The file, or the defaults, with `name.name=value` laid over it; value is JSON, or text. Raises ConfigError."""
    try:
        value = json.loads(path.read_text()) if path else {}
    except (OSError, json.JSONDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as JSON: {error}") from error
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise ConfigError(f"--set wants NAME=VALUE, not {change!r}")
        try:
            part: Any = json.loads(text)
        except json.JSONDecodeError:
            part = text
        for key in reversed(name.split(".")):
            part = {key: part}
        value = _merge(value, part)
    return from_json(value)
