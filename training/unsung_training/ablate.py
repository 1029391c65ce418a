"""What each part of the training is worth: short runs that differ in one thing, as a table.

    python -m unsung_training.ablate --rows ablation.json --data DIR/train --valid DIR/valid --out runs/ablation

Every row of the file is a name and changes of the configuration (what `train --set` takes), or
{"set": changes, "data": [more of --data]}; the first is the base that the others are compared to. The file's "config" and
"weights" are what `train` takes by these names. A row whose run is in --out already is not run again; the table is made of
all that are.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from . import config
from .datasets.open_data import open_data
from .train import Folders, train


def measured(folder: Path) -> dict | None:
    """The last validation of a finished row, or None."""
    done = folder / "done.json"
    return json.loads(done.read_text()) if done.exists() else None


@dataclass(frozen=True)
class Row:
    """One run: what is set beside the plan's base, and what it hears beside the others' data."""

    changes: tuple[str, ...]
    data: tuple[str, ...] = ()

    def command(self) -> str:
        """What `python -m unsung_training train` is given to make the row, beside what all are given."""
        return " ".join([*(f"--set {change}" for change in self.changes), *(f"--data {spec}" for spec in self.data)])


@dataclass(frozen=True)
class Plan:
    """Paths are relative to the plan's file."""

    config: Path | None
    weights: tuple[Path, ...]
    base: tuple[str, ...]
    rows: dict[str, Row]

    def command(self) -> str:
        """What every row is given."""
        config = [f"--config {self.config}"] if self.config else []
        weights = [f"--weights {path}" for path in self.weights]
        return " ".join([*config, *weights, *(f"--set {change}" for change in self.base)])


def read_plan(path: Path) -> Plan:
    plan = json.loads(path.read_text())
    rows = {name: Row(tuple(row)) if isinstance(row, list) else Row(tuple(row.get("set", ())), tuple(row.get("data", ())))
            for name, row in plan["rows"].items()}
    config_file = path.parent / plan["config"] if "config" in plan else None
    return Plan(config_file, tuple(path.parent / name for name in plan.get("weights", ())), tuple(plan["base"]), rows)


def table(plan: Plan, out: Path) -> str:
    """Markdown: vocals SDR of each set and the mean gain over the mixture, with the difference to the first row."""
    lines, first = [f"All rows: `train {plan.command()}`", ""], None
    for name, row in plan.rows.items():
        result = measured(out / name)
        if result is None:
            continue
        sets = result["valid"]
        if first is None:
            first = result["score"]
            lines += ["| row | " + " | ".join(sets) + " | mean gain | difference | and |",
                      "|---|" + "---:|" * (len(sets) + 2) + "---|"]
        cells = [f"{sets[group]['vocals']:.2f}" for group in sets]
        lines.append(f"| {name} | " + " | ".join(cells)
                     + f" | {result['score']:.2f} | {result['score'] - first:+.2f} | {f'`{row.command()}`' if row.command() else ''} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="unsung_training.ablate", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True, help='JSON: {"base": [changes], "rows": {name: [changes]}}')
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--valid", action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".training-cache"))
    parser.add_argument("--only", action="append", help="name of a row; may be repeated")
    options = parser.parse_args()
    plan = read_plan(options.rows)
    for name, row in plan.rows.items():
        if measured(options.out / name) or (options.only and name not in options.only):
            continue
        folder = options.out / name
        train(config.read(plan.config, [*plan.base, *row.changes]),
              open_data([*options.data, *row.data], "train", options.cache),
              open_data(options.valid, "valid", options.cache), Folders(folder, options.cache, plan.weights), resume=False)
        last = (folder / "log.jsonl").read_text().splitlines()[-1]
        (folder / "done.json").write_text(last + "\n")
    print(table(plan, options.out))


if __name__ == "__main__":
    main()
