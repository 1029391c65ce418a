"""Writes tests/fixtures/wiener.json: the multichannel Wiener filter of norbert (Liutkus & Stöter 2019), to compare
src/dsp/wiener.ts with.

Run from the repository's root, with numpy and norbert 0.2.1:

    python training/reference/wiener_reference.py

Mixture and first estimate come from the linear congruential generator of tests/dsp/noise.ts, so only results are stored.
"""

import json
from pathlib import Path

import norbert
import numpy as np

FRAMES, BINS = 7, 5


def noise(seed, count):
    """Uniform in [-1, 1): what tests/dsp/noise.ts gives, as float32."""
    out, state = [], seed
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(state / 2**31 - 1)
    return np.array(out, np.float32).astype(np.float64)


def main():
    parts = [noise(seed, FRAMES * BINS).reshape(FRAMES, BINS) for seed in range(1, 5)]
    left, right = parts[0] + 1j * parts[1], parts[2] + 1j * parts[3]
    mask = (noise(5, FRAMES * BINS).reshape(FRAMES, BINS) + 1) / 2
    x = np.stack([left, right], axis=-1)
    vocals = (mask[..., None] * x).astype(np.complex64).astype(np.complex128)
    cases = []
    for iterations in (1, 2):
        y = np.stack([vocals, x - vocals], axis=-1)
        # eps**0.5 is the regularisation; eps itself starts the sum of weights.
        y, _, _ = norbert.expectation_maximization(y.copy(), x.copy(), iterations, eps=np.finfo(np.float64).eps)
        result = y[..., 0]
        flat = lambda a: [round(float(v), 7) for v in a.ravel()]  # noqa: E731
        cases.append({
            "iterations": iterations,
            "leftRe": flat(result[..., 0].real), "leftIm": flat(result[..., 0].imag),
            "rightRe": flat(result[..., 1].real), "rightIm": flat(result[..., 1].imag),
        })
    fixture = {
        "about": "Written by training/reference/wiener_reference.py with norbert 0.2.1 and numpy %s." % np.__version__,
        "frames": FRAMES, "bins": BINS, "seeds": [1, 2, 3, 4], "maskSeed": 5, "cases": cases,
    }
    path = Path("tests/fixtures/wiener.json")
    path.write_text(json.dumps(fixture) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
