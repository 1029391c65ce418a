"""The voice's source: Fourier coefficients of the Liljencrants-Fant glottal pulse.

Fant, Liljencrants & Lin (1985), "A four-parameter model of glottal flow", STL-QPSR 4/1985;
one-parameter control by Rd: Fant (1995), "The LF-model revisited", STL-QPSR 2-3/1995.
The pulse is the derivative of the flow, so the radiation at the lips is in it.
"""

import numpy as np

RD_GRID = np.arange(0.5, 2.71, 0.1)
"""Rd from pressed (0.5) over modal (1) to breathy (2.7)."""
HARMONICS = 128
_POINTS = 8192


def _pulse(rd: float) -> tuple[np.ndarray, float]:
    """One period of the flow derivative (closing peak −1) and the closing instant, as a part of the period."""
    ra = (-1.0 + 4.8 * rd) / 100.0
    rk = (22.4 + 11.8 * rd) / 100.0
    rg = rk * (0.5 + 1.2 * rk) / (4.0 * (0.11 * rd - ra * (0.5 + 1.2 * rk)))
    tp = 1.0 / (2.0 * rg)
    te = tp * (1.0 + rk)
    omega = np.pi / tp
    epsilon = 1.0 / ra
    for _ in range(60):  # epsilon * ra = 1 - exp(-epsilon * (1 - te)), by fixed point
        epsilon = (1.0 - np.exp(-epsilon * (1.0 - te))) / ra
    t = (np.arange(_POINTS) + 0.5) / _POINTS
    closed = t > te
    back = -(np.exp(-epsilon * (t - te)) - np.exp(-epsilon * (1.0 - te))) / (epsilon * ra)

    def shape(alpha: float) -> np.ndarray:
        opening = -np.exp(alpha * (t - te)) * np.sin(omega * t) / np.sin(omega * te)
        return np.where(closed, back, opening)

    low, high = -30.0, 60.0  # the flow must come back to zero: the derivative's mean is 0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if shape(middle).mean() > 0.0:
            low = middle
        else:
            high = middle
    return shape(0.5 * (low + high)), te


def harmonic_table() -> np.ndarray:
    """Complex coefficients of harmonics 1 to HARMONICS for every Rd of the grid, shape (len(RD_GRID), HARMONICS).

    Phase 0 is the instant of closure, and each row has unit power, so that rows can be interpolated.
    """
    rows = []
    for rd in RD_GRID:
        pulse, te = _pulse(float(rd))
        k = np.arange(1, HARMONICS + 1)
        row = np.fft.rfft(pulse)[1 : HARMONICS + 1] * np.exp(2j * np.pi * k * te)
        rows.append(row / np.sqrt(np.sum(np.abs(row) ** 2)))
    return np.array(rows)
