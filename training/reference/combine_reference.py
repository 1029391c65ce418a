"""Writes tests/fixtures/model/combine.json: masks of networks, combined by NumPy in double precision.

    python training/reference/combine_reference.py

The formula is Spleeter's (deezer/spleeter, model/__init__.py, _build_manual_output_waveform): with estimates
x = mask × magnitude, (xᵖ + ε/n) / (Σ xᵖ + ε), of the first network. Where the mixture is silent the program's mask is 0.
Logits become masks by a softmax over the networks.
"""

import json
from pathlib import Path

import numpy as np

FIXTURE = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "model" / "combine.json"
CELLS = 24


def combine(masks: np.ndarray, magnitudes: np.ndarray, exponent: float, epsilon: float) -> np.ndarray:
    estimates = (masks * magnitudes) ** exponent
    total = estimates.sum(0) + epsilon
    share = np.divide(estimates[0] + epsilon / len(masks), total, out=np.zeros(CELLS), where=total > 0)
    return np.where(magnitudes > 0, share, 0)


def single(array: np.ndarray) -> np.ndarray:
    """What the program is given, which is of single precision."""
    return array.astype(np.float32).astype(np.float64)


def main() -> None:
    rng = np.random.default_rng(11)
    magnitudes = single(10 ** rng.uniform(-7, 2, CELLS))
    magnitudes[[3, 17]] = 0
    cases = []
    for networks, exponent, epsilon in [(2, 2, 1e-10), (2, 1.5, 1e-10), (2, 1, 0), (4, 2, 1e-10), (5, 3.7, 1e-4), (3, 2, 0)]:
        masks = single(rng.uniform(0, 1, (networks, CELLS)))
        # Nobody claims these cells, or one network all of them.
        masks[:, 5] = 0
        masks[0, 7], masks[1:, 7] = 1, 0
        mask = combine(masks, magnitudes, exponent, epsilon)
        cases.append({"exponent": exponent, "epsilon": epsilon, "masks": masks.tolist(), "mask": mask.tolist()})
    logits = single(rng.normal(0, 4, (3, CELLS)))
    # Beyond what exp can take.
    logits[:, 0], logits[:, 1] = [900, 899, -900], [-900, -901, -900]
    powers = np.exp(logits - logits.max(0))
    softmax = powers / powers.sum(0)
    of_logits = {"exponent": 2, "epsilon": 1e-10, "logits": logits.tolist(), "masks": softmax.tolist()}
    of_logits["mask"] = combine(softmax, magnitudes, 2, 1e-10).tolist()
    FIXTURE.write_text(json.dumps({"magnitudes": magnitudes.tolist(), "cases": cases, "logits": of_logits}) + "\n")


if __name__ == "__main__":
    main()
