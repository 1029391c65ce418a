"""Writes tests/fixtures/dsp.json: what scipy and librosa compute where src/dsp computes the same.

Run from the repository's root, with numpy, scipy >= 1.12 and librosa >= 0.10:

    python training/reference/dsp_reference.py

Signals come from a linear congruential generator that tests/dsp/noise.ts has too, so only results are stored
(float32, little-endian, base64).
"""

import base64
import json
from pathlib import Path

import librosa
import numpy as np
from scipy import signal


def noise(seed, length):
    """Uniform noise in [-1, 1), float32: Numerical Recipes' generator, as in tests/dsp/noise.ts."""
    out = np.empty(length)
    state = seed
    for n in range(length):
        state = (1664525 * state + 1013904223) % 2**32
        out[n] = state / 2**31 - 1
    return out.astype(np.float32)


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def get_window(kind, length):
    if kind == "sine":
        return np.sqrt(signal.get_window("hann", length))
    return signal.get_window({"rectangular": "boxcar"}.get(kind, kind), length)


def forward(seed, samples, fft_size, window_length, hop, kind, centred, padding):
    """Short-time spectrum (bins x frames) by numpy on a padded signal, checked against librosa and scipy."""
    x = noise(seed, samples).astype(np.float64)
    window = np.zeros(fft_size)
    start = (fft_size - window_length) // 2
    window[start : start + window_length] = get_window(kind, window_length)
    padded = np.pad(x, fft_size // 2, mode={"zero": "constant", "reflect": "reflect"}[padding]) if centred else x
    count = 1 + (len(padded) - fft_size) // hop
    frames = np.stack([padded[m * hop : m * hop + fft_size] * window for m in range(count)])
    spectrum = np.fft.rfft(frames).T
    if samples > fft_size:
        by_librosa = librosa.stft(
            x,
            n_fft=fft_size,
            hop_length=hop,
            win_length=window_length,
            window=get_window(kind, window_length),
            center=centred,
            pad_mode={"zero": "constant", "reflect": "reflect"}[padding],
        )
        assert np.allclose(spectrum, by_librosa, atol=1e-9), "librosa disagrees"
    # scipy centres its slices by itself; given the padded signal, slice p covers [p * hop - fft_size / 2, ...).
    transform = signal.ShortTimeFFT(window, hop, fs=1.0, mfft=fft_size, fft_mode="onesided", phase_shift=None)
    if (fft_size // 2) % hop == 0:
        offset = fft_size // 2 // hop
        by_scipy = transform.stft(padded, p0=offset, p1=offset + count)
        assert np.allclose(spectrum, by_scipy, atol=1e-9), "scipy disagrees"
    return x, spectrum


def stft_case(kept, **parameters):
    _, spectrum = forward(**parameters)
    return {
        **parameters,
        "referenceFrames": spectrum.shape[1],
        "kept": kept,
        "re": packed(spectrum.real.T[kept]),
        "im": packed(spectrum.imag.T[kept]),
    }


def grid_mask(frames, bins):
    """A mask that differs from frame to frame and from bin to bin; tests/dsp/noise.ts has it too."""
    m, k = np.meshgrid(np.arange(frames), np.arange(bins), indexing="ij")
    return ((7 * m + 3 * k) % 11 / 10).astype(np.float32).astype(np.float64)


def inverse_case(seed, samples, fft_size, hop, kind):
    """librosa.istft of a masked, hence inconsistent, spectrum: the least-squares solution."""
    x, spectrum = forward(seed, samples, fft_size, fft_size, hop, kind, True, "zero")
    masked = spectrum * grid_mask(spectrum.shape[1], spectrum.shape[0]).T
    y = librosa.istft(masked, hop_length=hop, window=get_window(kind, fft_size), length=samples)
    return {"seed": seed, "samples": samples, "fftSize": fft_size, "hop": hop, "window": kind, "signal": packed(y)}


def interpolation_case():
    """A mask on the model's grid, read on the bins of another STFT with numpy.interp on each axis."""
    frames, bins, first_bin_hz, bin_hz, frame_seconds = 5, 24, 50.0, 50.0, 0.1
    fft_size, sample_rate, below, from_hz, gain = 64, 4000, 0.25, 900.0, 0.9
    masks = (noise(5, frames * bins).reshape(frames, bins).astype(np.float64) + 1) / 2
    model_hz = first_bin_hz + bin_hz * np.arange(bins)
    wanted_hz = np.arange(fft_size // 2 + 1) * sample_rate / fft_size
    times = [-0.3, 0.0, 0.04, 0.1, 0.27, 0.3999, 0.7]
    rows = []
    for time in times:
        row = np.array([np.interp(time, frame_seconds * np.arange(frames), masks[:, k]) for k in range(bins)])
        high = gain * row[model_hz >= from_hz].mean()
        share = np.concatenate([np.zeros(bins - 8), np.arange(1, 9) / 8])
        row = (1 - share) * row + share * high
        hz = np.concatenate([[first_bin_hz - bin_hz], model_hz])
        rows.append(np.interp(wanted_hz, hz, np.concatenate([[below], row])))
    return {
        "seed": 5,
        "frames": frames,
        "grid": {"bins": bins, "firstBinHz": first_bin_hz, "binHz": bin_hz, "frameSeconds": frame_seconds},
        "fftSize": fft_size,
        "sampleRate": sample_rate,
        "belowBand": below,
        "fromHz": from_hz,
        "gain": gain,
        "times": times,
        "masks": packed(np.stack(rows)),
    }


def camel(case):
    names = {"fft_size": "fftSize", "window_length": "windowLength", "kind": "window"}
    return {names.get(key, key): value for key, value in case.items()}


def main():
    kinds = ["hann", "hamming", "blackman", "sine", "rectangular"]
    stft = [
        stft_case([0, 2, 5], seed=1, samples=4000, fft_size=1024, window_length=1024, hop=768, kind="hann", centred=True, padding="zero"),
        stft_case([0, 1, 5], seed=2, samples=700, fft_size=512, window_length=401, hop=128, kind="hamming", centred=True, padding="reflect"),
        stft_case([0, 1, 7], seed=3, samples=1000, fft_size=256, window_length=256, hop=100, kind="blackman", centred=False, padding="zero"),
        stft_case([0, 3, 8], seed=4, samples=600, fft_size=256, window_length=256, hop=64, kind="sine", centred=True, padding="zero"),
        stft_case([0, 1, 2, 3], seed=5, samples=100, fft_size=32, window_length=32, hop=32, kind="rectangular", centred=True, padding="zero"),
        stft_case([0], seed=6, samples=40, fft_size=256, window_length=256, hop=64, kind="hann", centred=True, padding="reflect"),
        stft_case([0], seed=7, samples=40, fft_size=256, window_length=256, hop=64, kind="hann", centred=True, padding="zero"),
    ]
    fixture = {
        "about": "Written by training/reference/dsp_reference.py with librosa %s, numpy %s." % (librosa.__version__, np.__version__),
        "windows": [{"kind": kind, "length": n, "values": list(get_window(kind, n))} for kind in kinds for n in (1, 2, 8, 9)],
        "stft": [camel(case) for case in stft],
        "inverse": [
            inverse_case(8, 1536, 1024, 768, "hann"),
            inverse_case(9, 1280, 256, 64, "hann"),
            inverse_case(10, 640, 128, 64, "sine"),
        ],
        "interpolation": interpolation_case(),
    }
    path = Path("tests/fixtures/dsp.json")
    path.write_text(json.dumps(fixture, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
