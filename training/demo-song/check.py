"""Measures the rendered demo song and says whether it is what its README claims.

    python training/demo-song/check.py public/demo

Needs numpy, scipy, librosa (for its pitch tracker, which is not our own code) and ffmpeg. Exit status 1 on a failure.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import librosa
import numpy as np

failures = 0


def report(name: str, value: float, unit: str, low: float, high: float) -> None:
    global failures
    good = low <= value <= high
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {name}: {value:.4g} {unit} (wanted {low:g} to {high:g})")


def decode(path: Path, rate: int) -> np.ndarray:
    """(2, samples) float32 at the file's own rate, which must be `rate`."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "stream=sample_rate,channels", "-of", "csv=p=0", str(path)]
    found = subprocess.run(probe, capture_output=True, text=True, check=True).stdout.strip()
    if found != f"{rate},2":
        raise SystemExit(f"{path}: expected {rate},2 and found {found}")
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-f", "f32le", "-"], capture_output=True, check=True
    ).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2).T


def decibels(signal: np.ndarray, noise: np.ndarray) -> float:
    return float(10 * np.log10(np.sum(signal.astype(float) ** 2) / np.sum(noise.astype(float) ** 2)))


def lag(a: np.ndarray, b: np.ndarray) -> int:
    """Samples by which b comes after a, by cross-correlation."""
    n = 2 ** int(np.ceil(np.log2(2 * len(a))))
    correlation = np.fft.irfft(np.conj(np.fft.rfft(a, n)) * np.fft.rfft(b, n))
    peak = int(np.argmax(correlation))
    return peak if peak < n // 2 else peak - n


def loudness(path: Path) -> float:
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", text)[-1])


def pitch_errors(vocals: np.ndarray, song: dict) -> tuple[np.ndarray, float]:
    """Median error in cents of every syllable, and the part of the syllables in which a pitch was found."""
    rate = 22050
    mono = librosa.resample(vocals.mean(axis=0), orig_sr=song["sampleRate"], target_sr=rate)
    f0, voiced, _ = librosa.pyin(mono, fmin=110, fmax=600, sr=rate, frame_length=1024, hop_length=128, resolution=0.05)
    times = librosa.times_like(f0, sr=rate, hop_length=128)
    errors, found, syllables = [], 0, 0
    for line in song["lyrics"]:
        for syllable in line["syllables"]:
            syllables += 1
            # The middle of the vowel: portamento before, consonants after.
            part = (
                (times > syllable["start"] + 0.09)
                & (times < min(syllable["end"] - 0.08, syllable["start"] + 2.0))
                & voiced
            )
            if part.sum() >= 4:
                found += 1
                errors.append(float(np.median(1200 * np.log2(f0[part] / librosa.midi_to_hz(syllable["midi"])))))
    return np.array(errors), found / syllables


def main() -> None:
    folder = Path(sys.argv[1])
    song = json.loads((folder / "song.json").read_text(encoding="utf-8"))
    rate = song["sampleRate"]
    mixture, vocals, band = (
        decode(folder / song["files"][name], rate) for name in ("mixture", "vocals", "accompaniment")
    )
    report("bytes of the folder", sum(f.stat().st_size for f in folder.iterdir()), "bytes", 0, 3_000_000)
    for name, sound in (("mixture", mixture), ("vocals", vocals), ("accompaniment", band)):
        report(f"{name}: samples", sound.shape[1], "samples", song["samples"], song["samples"])
        report(f"{name}: peak", 20 * np.log10(np.abs(sound).max()), "dBFS", -12, -1)
    together = vocals + band
    report("mixture against vocals + accompaniment", decibels(mixture, mixture - together), "dB", 20, 200)
    report("lag of vocals + accompaniment", lag(mixture.mean(axis=0), together.mean(axis=0)), "samples", 0, 0)
    # Each stem by itself: what of the mixture the other does not explain must be it, at the same place.
    report("lag of vocals", lag((mixture - band).mean(axis=0), vocals.mean(axis=0)), "samples", 0, 0)
    report("lag of accompaniment", lag((mixture - vocals).mean(axis=0), band.mean(axis=0)), "samples", 0, 0)
    report("loudness of the mixture", loudness(folder / song["files"]["mixture"]), "LUFS", -17, -15)

    time = np.arange(vocals.shape[1]) / rate
    sung = np.zeros(len(time), dtype=bool)
    for line in song["lyrics"]:
        sung |= (time >= line["start"]) & (time < line["end"])
    report("vocals over accompaniment while singing", decibels(vocals[:, sung], band[:, sung]), "dB", -3, 0)
    before = time < song["lyrics"][0]["start"] - 0.6
    report("vocals in the intro", 20 * np.log10(np.sqrt(np.mean(vocals[:, before] ** 2)) + 1e-9), "dBFS", -200, -75)

    errors, found = pitch_errors(vocals, song)
    report("syllables with a pitch", found, "", 0.95, 1)
    report("pitch: median of the errors' size", float(np.median(np.abs(errors))), "cents", 0, 10)
    report("pitch: share of syllables within 20 cents", float(np.mean(np.abs(errors) <= 20)), "", 0.9, 1)

    for name, sound in (("vocals", vocals), ("accompaniment", band)):
        # A click is a step far beyond its surroundings: compare the second difference with that of 50 ms around.
        second = np.abs(np.diff(sound.mean(axis=0).astype(float), 2))
        blocks = second[: len(second) // 2205 * 2205].reshape(-1, 2205)
        blocks = blocks[blocks.max(axis=1) > 0.02]
        report(f"{name}: largest step", float(np.abs(np.diff(sound, axis=1)).max()), "of full scale", 0, 0.5)
        if name == "vocals":
            crest = blocks.max(axis=1) / np.sqrt((blocks**2).mean(axis=1))
            report(f"{name}: worst peak of the second difference over its 50 ms", float(crest.max()), "times", 0, 15)
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
