"""Place in the stereo image: pan and width."""

from __future__ import annotations

import numpy as np


def pan(sound: np.ndarray, place: float) -> np.ndarray:
    """(1 or 2, samples) → (2, samples): `place` 0 left, 0.5 centre, 1 right, by the sine law: equal power everywhere.

    The two sides of a stereo sound are weighed by the same law, times √2, so that the centre leaves it as it is.
    """
    angle = 0.5 * np.pi * place
    gains = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32)
    return gains * sound if len(sound) == 1 else np.float32(np.sqrt(2)) * gains * sound


def widen(sound: np.ndarray, width: float) -> np.ndarray:
    """(2, samples): the side signal times `width`: 0 mono, 1 as it was, up to 2 wide. The middle stays."""
    middle, side = 0.5 * (sound[0] + sound[1]), 0.5 * width * (sound[0] - sound[1])
    return np.stack([middle + side, middle - side])
