"""python -m unsung_training train|validate|export|blend: see training/README.md."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import config, export
from .audio_cache import AudioCache
from .datasets.layout import DataError
from .datasets.licences import licensed
from .datasets.open_data import open_data
from .train import Folders, train
from .trainer import load_trainer
from .validation import validate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="unsung_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("train", help="train a vocals network")
    run.add_argument("--config", type=Path, help="JSON of the run, e.g. configs/paper.json (default: the paper's network)")
    run.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="changes",
                     help="changes the configuration, e.g. --set mix.own_pair=0 --set minutes=10")
    run.add_argument("--data", action="append", default=[], help="a folder, or KIND:FOLDER such as musdb18:DIR; may be repeated")
    run.add_argument("--licences", nargs=2, metavar=("CATALOGUE", "PATTERN"),
                     help="of --data, only files whose licence in this CSV (columns file, licence) begins with the regular expression")
    run.add_argument("--valid", action="append", required=True, help="what to choose the checkpoint by, likewise")
    run.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, log, curves")
    run.add_argument("--cache", type=Path, default=Path(".training-cache"), help="decoded audio (default: %(default)s)")
    run.add_argument("--weights", type=Path, dest="start", action="append", default=[],
                     help="begin with the weights of a folder of models/, a checkpoint, or Spleeter's .ckpt or .safetensors; several: their mean")
    run.add_argument("--distil", type=Path, help="learn from this folder of a teacher's mixes (unsung_training.teacher) instead of --data")
    run.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    check = commands.add_parser("validate", help="SDR of a checkpoint on songs")
    check.add_argument("--checkpoint", type=Path, required=True)
    check.add_argument("--data", action="append", required=True)
    check.add_argument("--cache", type=Path, default=Path(".training-cache"))
    write = commands.add_parser("export", help="write a checkpoint's averaged weights as .safetensors")
    write.add_argument("--checkpoint", type=Path, required=True)
    write.add_argument("--card", type=Path, help="JSON with id, title, licence, trainedOn, …; for the paper's network")
    write.add_argument("--out", type=Path, required=True)
    line = commands.add_parser("blend", help="Spleeter's weights between two: (1 - share) x first + share x second, .safetensors")
    line.add_argument("first", type=Path)
    line.add_argument("second", type=Path, help=".ckpt, .safetensors, or a run's checkpoint (.pt)")
    line.add_argument("--share", type=float, required=True)
    line.add_argument("--out", type=Path, required=True)
    return parser


def main() -> None:
    parser = _parser()
    options = parser.parse_args()
    try:
        if options.command == "train":
            if not options.data and not options.distil:
                raise ValueError("train wants --data or --distil")
            data = open_data(options.data, "train", options.cache)
            if options.licences:
                data = licensed(data, Path(options.licences[0]), options.licences[1])
            train(config.read(options.config, options.changes), data,
                  open_data(options.valid, "valid", options.cache), Folders(options.out, options.cache, options.start, options.distil),
                  options.resume)
        elif options.command == "validate":
            trainer = load_trainer(options.checkpoint)
            patch = trainer.config.patch
            result = validate(open_data(options.data, "valid", options.cache), AudioCache(options.cache, patch.rate), patch, trainer.predict)
            print(json.dumps(result, indent=2))
        elif options.command == "export":
            export.export(options.checkpoint, options.card, options.out)
        else:
            export.blend(options.first, options.second, options.share, options.out)
    except (DataError, FileNotFoundError, ValueError) as error:
        sys.exit(f"{parser.prog}: {error}")


if __name__ == "__main__":
    main()
