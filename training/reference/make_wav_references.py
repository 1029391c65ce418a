"""Makes tests/fixtures/audio/encoded/: samples and the WAV files that libsndfile, scipy and ffmpeg make of them.

    python training/reference/make_wav_references.py

`samples.f32` holds 32-bit floats, left and right interleaved: quiet and loud values, exact halves of a 16-bit step,
full scale, and values beyond it. The integers are round-half-even(value * 2^(bits-1)), clipped; libsndfile writes
them as they are. ffmpeg's own conversion of the floats is asserted to be the same.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import scipy.io.wavfile
import soundfile as sf

OUT = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "audio" / "encoded"
RATE = 44100


def quantise(samples: np.ndarray, bits: int) -> np.ndarray:
    scale = 2.0 ** (bits - 1)
    return np.clip(np.rint(samples.astype(np.float64) * scale), -scale, scale - 1).astype(np.int32)


def ffmpeg_pcm(raw: Path, codec: str, form: str) -> bytes:
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", str(raw)]
    return subprocess.run([*command, "-c:a", codec, "-f", form, "-"], check=True, capture_output=True).stdout


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    edges = [0, 1, -1, 1.5, -1.5, 32767 / 32768, -32767 / 32768, 100, -100, 1e-7, -1e-7]
    halves = [(k + 0.5) / 32768 for k in range(-8, 8)] + [(k + 0.5) / 8388608 for k in range(-8, 7)]
    samples = np.concatenate([edges, halves, random.normal(0, 0.4, 400)]).astype(np.float32)
    samples = samples[: len(samples) // 2 * 2].reshape(-1, 2)
    raw = OUT / "samples.f32"
    raw.write_bytes(samples.tobytes())

    short, long = quantise(samples, 16), quantise(samples, 24)
    assert short.astype("<i2").tobytes() == ffmpeg_pcm(raw, "pcm_s16le", "s16le")
    # ffmpeg goes by way of 32 bits and cuts the lowest 8: its 24-bit values may lie one step lower.
    via32 = np.frombuffer(ffmpeg_pcm(raw, "pcm_s32le", "s32le"), "<i4").reshape(-1, 2) / 256
    assert np.abs(np.where(np.abs(samples) < 1, via32 - long, 0)).max() <= 0.5

    sf.write(OUT / "stereo16.wav", short.astype(np.int16), RATE, subtype="PCM_16")
    sf.write(OUT / "stereo24.wav", long << 8, RATE, subtype="PCM_24")
    # 3 samples of 3 bytes: an odd number, so a byte of padding follows.
    sf.write(OUT / "mono24.wav", long[:3, 0] << 8, 48000, subtype="PCM_24")
    scipy.io.wavfile.write(OUT / "stereofloat.wav", RATE, samples)
    for file in sorted(OUT.iterdir()):
        print(file.name, file.stat().st_size)


if __name__ == "__main__":
    main()
