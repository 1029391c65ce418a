"""python -m unsung_training train|validate|export: see training/README.md."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import export
from .audio_cache import AudioCache
from .library import scan
from .spectra import PatchConfig
from .train import TrainConfig, Trainer, train
from .validation import validate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="unsung_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("train", help="train a vocals network")
    run.add_argument("--data", type=Path, required=True, help="songs/, voices/, accompaniments/ to train on")
    run.add_argument("--valid", type=Path, required=True, help="songs/ to choose the checkpoint by")
    run.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints and log.jsonl")
    run.add_argument("--cache", type=Path, default=Path(".training-cache"), help="decoded audio (default: %(default)s)")
    run.add_argument("--minutes", type=float, required=True, help="length of the whole run")
    run.add_argument("--batch", type=int, default=16)
    run.add_argument("--learning-rate", type=float, default=1e-3)
    run.add_argument("--dropout", type=float, default=0.15)
    run.add_argument("--epoch-minutes", type=float, default=8.0, help="time between validations")
    run.add_argument("--workers", type=int, default=1, help="processes that mix")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--compile", action="store_true", help="torch.compile the network (PyTorch 2, a C++ compiler)")
    run.add_argument("--start", type=Path, help="begin with the weights of a folder of models/, e.g. ../models/paper")
    run.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    check = commands.add_parser("validate", help="SDR of a checkpoint on a folder of songs")
    check.add_argument("--checkpoint", type=Path, required=True)
    check.add_argument("--data", type=Path, required=True)
    check.add_argument("--cache", type=Path, default=Path(".training-cache"))
    write = commands.add_parser("export", help="write a checkpoint's averaged weights as .safetensors")
    write.add_argument("--checkpoint", type=Path, required=True)
    write.add_argument("--card", type=Path, required=True, help="JSON with id, title, licence, trainedOn, …")
    write.add_argument("--out", type=Path, required=True)
    return parser


def main() -> None:
    options = vars(_parser().parse_args())
    command = options.pop("command")
    if command == "train":
        resume = options.pop("resume")
        train(TrainConfig(**options), resume)
    elif command == "validate":
        trainer = Trainer(export.checkpoint_config(options["checkpoint"]))
        trainer.resume(options["checkpoint"])
        patch = PatchConfig()
        result = validate(scan(options["data"]), AudioCache(options["cache"], patch.rate), patch, trainer.predict)
        print(json.dumps(result, indent=2))
    else:
        export.export(options["checkpoint"], options["card"], options["out"])


if __name__ == "__main__":
    main()
