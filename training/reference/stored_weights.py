"""The weights of a model of models/<id>, as its files hold them, rounding included. Requires numpy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
# The order in which the program lists the networks of a model: the vocals' first.
STEMS = ("vocals", "accompaniment", "drums", "bass", "piano", "other")


def read_manifest(folder: Path) -> dict:
    manifest = json.loads((folder / "manifest.json").read_text())
    if manifest.get("version") != 2:
        raise ValueError(f"{folder}: its manifest is not of version 2; write it again with npm run convert")
    return manifest


def networks_of(manifest: dict) -> dict[str, dict]:
    """Stem → the network's description, in the program's order."""
    return {stem: manifest["networks"][stem] for stem in STEMS if stem in manifest["networks"]}


def read_weights(folder: Path, network: dict) -> dict[str, np.ndarray]:
    """TensorFlow's names and layout, as `weightsManifest` of the network's model.json lists them. float64."""
    model_json = folder / next(file["path"] for file in network["files"] if file["path"].endswith("model.json"))
    weights = {}
    for group in json.loads(model_json.read_text())["weightsManifest"]:
        data = b"".join((model_json.parent / path).read_bytes() for path in group["paths"])
        at = 0
        for weight in group["weights"]:
            stored = weight.get("quantization", weight)
            kind, count = np.dtype(stored["dtype"]), int(np.prod(weight["shape"]))
            values = np.frombuffer(data, kind, count, at).reshape(weight["shape"])
            at += count * kind.itemsize
            weights[weight["name"]] = exact(values.astype(np.float64), stored)
        if at != len(data):
            raise ValueError(f"{model_json} lists {at} bytes of weights, the files hold {len(data)}")
    return weights


def exact(values: np.ndarray, stored: dict) -> np.ndarray:
    """What the steps of a weight stand for: src/model/weights.ts."""
    if "axis" not in stored:
        return values * stored.get("scale", 1) + stored.get("min", 0)
    # Each channel along an axis has a range of its own.
    along = [-1 if axis == stored["axis"] else 1 for axis in range(values.ndim)]
    zero, scale = (np.array(stored[part], np.float64).reshape(along) for part in ("zero", "scale"))
    return (values - zero) * scale
