"""What each part of the training is worth: short runs that differ in one thing, as a table.

    python -m unsung_training.ablate --rows ablation.json --data DIR/train --valid DIR/valid --out runs/ablation

Every row of the file is a name and changes of the configuration (what `train --set` takes); the first is the base that
the others are compared to. A row whose run is in --out already is not run again; the table is made of all that are.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import config
from .datasets.open_data import open_data
from .train import Folders, train


def measured(folder: Path) -> dict | None:
    """The last validation of a finished row, or None."""
    done = folder / "done.json"
    return json.loads(done.read_text()) if done.exists() else None


def command(base: list[str], changes: list[str]) -> str:
    """What `python -m unsung_training train` is given to make the row."""
    return " ".join(f"--set {change}" for change in [*base, *changes])


def table(rows: dict[str, list[str]], base: list[str], out: Path) -> str:
    """Markdown: vocals SDR of each set and the mean gain over the mixture, with the difference to the first row."""
    lines, first = [], None
    for name, changes in rows.items():
        result = measured(out / name)
        if result is None:
            continue
        sets = result["valid"]
        if first is None:
            first = result["score"]
            lines += ["| row | " + " | ".join(sets) + " | mean gain | difference | `train` with |",
                      "|---|" + "---:|" * (len(sets) + 2) + "---|"]
        cells = [f"{sets[group]['vocals']:.2f}" for group in sets]
        lines.append(f"| {name} | " + " | ".join(cells)
                     + f" | {result['score']:.2f} | {result['score'] - first:+.2f} | `{command(base, changes)}` |")
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
    plan = json.loads(options.rows.read_text())
    for name, changes in plan["rows"].items():
        if measured(options.out / name) or (options.only and name not in options.only):
            continue
        folder = options.out / name
        train(config.read(None, [*plan["base"], *changes]), open_data(options.data, "train", options.cache),
              open_data(options.valid, "valid", options.cache), Folders(folder, options.cache), resume=False)
        last = (folder / "log.jsonl").read_text().splitlines()[-1]
        (folder / "done.json").write_text(last + "\n")
    print(table(plan["rows"], plan["base"], options.out))


if __name__ == "__main__":
    main()
