"""Spleeter's own processing, which `npm run separate -- --classic` is to equal. parity_reference.py stores what it makes.

As deezer/spleeter, spleeter/model/__init__.py, has it, with configs/2stems/base_config.json (those of 4stems and 5stems say
the same), in code of our own and in double precision: a frame of zeros in front of the song; tf.signal.stft with a periodic Hann window of 4096
samples, hop 1024, pad_end=True; patches of 512 frames × 1024 bins, end to end, magnitudes as they are; each network's mask
(or the softmax over all networks) × magnitude is its estimate e; the mask of a stem is (e² + ε/n) / (Σ e² + ε), ε = 1e-10,
and zeros above bin 1023; tf.signal.inverse_stft with the same window, times 2/3; the frame in front is cut off again.
Each stem has a mask of its own: above 11 kHz none has anything. Requires torch and numpy.

`stft` and `inverse_stft` were compared with TensorFlow 2.19's: equal to 1e-15.
"""

import numpy as np
import torch

FRAME, STEP, PATCH, BINS = 4096, 1024, 512, 1024
EXPONENT, EPSILON = 2, 1e-10
WINDOW_COMPENSATION = 2 / 3
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)


def stft(waveform):
    """(channels, samples) → (channels, frames, bins): tf.signal.stft(…, pad_end=True)."""
    frames = -(-waveform.shape[1] // STEP)
    padded = np.pad(waveform, ((0, 0), (0, (frames - 1) * STEP + FRAME - waveform.shape[1])))
    pieces = np.stack([padded[:, m * STEP : m * STEP + FRAME] for m in range(frames)], axis=1)
    return np.fft.rfft(pieces * HANN, axis=2)


def inverse_stft(spectrum):
    """(channels, frames, bins) → (channels, samples): tf.signal.inverse_stft."""
    channels, frames, _ = spectrum.shape
    pieces = np.fft.irfft(spectrum, FRAME, axis=2) * HANN
    out = np.zeros((channels, (frames - 1) * STEP + FRAME))
    for m in range(frames):
        out[:, m * STEP : m * STEP + FRAME] += pieces[:, m]
    return out


def estimates_of(magnitude, manifest, networks):
    """(channels, frames, BINS) → stem → the same."""
    frames = magnitude.shape[1]
    padded = np.pad(magnitude, ((0, 0), (0, -frames % PATCH), (0, 0)))
    patches = torch.from_numpy(np.stack(np.split(padded, padded.shape[1] // PATCH, axis=1)).transpose(0, 1, 3, 2).copy())
    outputs = {stem: torch.cat([network(patch[None]) for patch in patches]) for stem, network in networks.items()}
    if any(network["output"] == "logit" for network in manifest["networks"].values()):
        outputs = dict(zip(outputs, torch.softmax(torch.stack(list(outputs.values())), dim=0)))
    join = lambda y: np.concatenate(y.numpy().transpose(0, 1, 3, 2), axis=1)[:, :frames]
    return {stem: join(y) * magnitude for stem, y in outputs.items()}


def separate(waveform, manifest, networks):
    """(channels, samples) at 44.1 kHz → stem → the same."""
    spectrum = stft(np.pad(waveform, ((0, 0), (FRAME, 0))))
    estimates = estimates_of(np.abs(spectrum)[:, :, :BINS], manifest, networks)
    total = sum(e**EXPONENT for e in estimates.values()) + EPSILON
    stems = {}
    for stem, estimate in estimates.items():
        mask = np.zeros(spectrum.shape)
        mask[:, :, :BINS] = (estimate**EXPONENT + EPSILON / len(estimates)) / total
        sound = inverse_stft(mask * spectrum) * WINDOW_COMPENSATION
        stems[stem] = sound[:, FRAME : FRAME + waveform.shape[1]]
    return stems
