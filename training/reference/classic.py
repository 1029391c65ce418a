"""Writes tests/fixtures/import/classic: the demo song, processed as both mono systems do.

    python training/reference/classic.py --chainer PYTHON --tensorflow PYTHON --song WAV [--full DIR] [--whole DIR]

Requirements: numpy, librosa >= 0.10 with soxr, soundfile; and two interpreters that can run import_chainer.py and
import_tensorflow.py, which compute the networks.

The processing, in code of our own: mono at 16 kHz; librosa.stft with its defaults of 2017 (Hann, centred, padded by
reflection); divided by the song's maximum; the network without 0 Hz; the mask (or the magnitude, of the second repository)
with 0 for 0 Hz, on the mixture's phase; the instrumental as the rest; librosa.istft. What the network is given, in three ways:

- `soft-…`, `hard-…`: patches of 128 frames, end to end, as both systems train;
- `whole-vocals`: all frames in one call, as Chainer's DoExperiment.py does, with zeros up to a multiple of 64 frames;
- `plain-vocals`: patches of magnitudes that are not normalised, as TensorFlow's Test.py does.

`--song WAV` is the demo song at 16 kHz as Unsung resamples it: the sum of the two stems that

    npm run separate -- public/demo/mixture.mp3 --model DIR --classic --bits 32f

writes, whatever the checkpoint. Without it librosa.load resamples, whose band ends elsewhere: that alone makes a
difference of -54 to -58 dB for the small networks. `--full DIR` takes the checkpoints in DIR/chainer and DIR/tensorflow; `--whole DIR` writes
the whole stems as float WAV.

The fixture holds excerpts only: NAME.i16 is int16 in units of `step`, the excerpts one after the other.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import librosa
import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "import"
RATE, FFT_SIZE, FRAMES = 16000, 1024, 128
# Six layers halve the frames.
UNIT = 64
HOP = {"chainer": 512, "tensorflow": 768}
EXCERPT_SECONDS = 0.5


def run_network(system: str, python: str, checkpoint: Path, patches: np.ndarray) -> np.ndarray:
    """(n, 512, frames) magnitudes to masks or magnitudes, by the framework itself."""
    script = Path(__file__).with_name(f"import_{system}.py")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.npy"), Path(folder, "out.npy")
        np.save(source, patches)
        subprocess.run([python, script, "--predict", checkpoint, source, target], check=True)
        return np.load(target)


def network_outputs(system: str, python: str, checkpoint: Path, scaled: np.ndarray, width: int) -> np.ndarray:
    """(513, frames) magnitudes to the same of masks or magnitudes, by patches of `width` frames, end to end; 0 for 0 Hz."""
    frames = scaled.shape[1]
    padded = np.pad(scaled[1:], ((0, 0), (0, -frames % width)))
    patches = np.stack(np.split(padded, padded.shape[1] // width, axis=1)).astype(np.float32)
    output = np.concatenate(run_network(system, python, checkpoint, patches), axis=1)[:, :frames]
    return np.vstack((np.zeros(frames), output))


def separate(system: str, python: str, checkpoint: Path, y: np.ndarray) -> dict[str, np.ndarray]:
    spectrum = librosa.stft(y, n_fft=FFT_SIZE, hop_length=HOP[system], pad_mode="reflect")
    magnitude, phase = librosa.magphase(spectrum)
    maximum, frames = magnitude.max(), magnitude.shape[1]
    scaled = magnitude / maximum
    output = network_outputs(system, python, checkpoint, scaled, FRAMES)
    # The first repository's output is a mask, the second's the magnitude of the voice.
    voice = output * scaled if system == "chainer" else output
    mask = output if system == "chainer" else np.divide(output, scaled, out=np.zeros_like(output), where=scaled > 0)
    print(system, "song maximum", maximum, "mask over 0.5:", np.mean(mask > 0.5), "over 1:", np.mean(mask > 1))
    invert = lambda part: librosa.istft(part * phase, hop_length=HOP[system])
    stems = {
        "soft-vocals": invert(voice * maximum),
        "soft-accompaniment": invert((scaled - voice) * maximum),
        "hard-vocals": invert((mask > 0.5) * magnitude),
    }
    if system == "chainer":
        whole = network_outputs(system, python, checkpoint, scaled, frames + -frames % UNIT)
        return {**stems, "whole-vocals": invert(whole * magnitude)}
    return {**stems, "plain-vocals": invert(network_outputs(system, python, checkpoint, magnitude, FRAMES))}


def write_excerpts(path: Path, signal: np.ndarray, starts: list[int]) -> float:
    length = int(EXCERPT_SECONDS * RATE)
    parts = np.concatenate([signal[start : start + length] for start in starts])
    step = float(np.abs(parts).max() / 32767)
    path.write_bytes(np.round(parts / step).astype("<i2").tobytes())
    return step


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chainer", required=True)
    parser.add_argument("--tensorflow", required=True)
    parser.add_argument("--song", type=Path, default=ROOT / "public" / "demo" / "mixture.mp3")
    parser.add_argument("--full", type=Path)
    parser.add_argument("--whole", type=Path)
    arguments = parser.parse_args()
    y, _ = librosa.load(arguments.song, sr=RATE)
    folder = FIXTURES / "classic"
    folder.mkdir(parents=True, exist_ok=True)
    about = f"training/reference/classic.py, librosa {librosa.__version__}, numpy {np.__version__}"
    facts = {"about": about, "sampleRate": RATE, "samples": len(y), "excerptSamples": int(EXCERPT_SECONDS * RATE)}
    # The beginning, over the seam of two patches of each system, and the end of what librosa.istft gives.
    seams = {system: 3 * FRAMES * hop - int(EXCERPT_SECONDS * RATE / 2) for system, hop in HOP.items()}
    for system in HOP:
        base = (arguments.full or FIXTURES) / system
        checkpoint = json.loads((base / "values.json").read_text()).get("checkpoint", "unet.model")
        stems = separate(system, getattr(arguments, system), base / checkpoint, y)
        length = len(stems["soft-vocals"])
        starts = [0, seams[system], length - int(EXCERPT_SECONDS * RATE)]
        steps = {}
        for name, stem in stems.items():
            if arguments.whole:
                arguments.whole.mkdir(parents=True, exist_ok=True)
                soundfile.write(arguments.whole / f"{system}-{name}.wav", stem.astype(np.float32), RATE, subtype="FLOAT")
            if not arguments.full:
                steps[name] = write_excerpts(folder / f"{system}-{name}.i16", stem, starts)
        facts[system] = {"starts": starts, "samples": length, "steps": steps}
    if arguments.whole:
        soundfile.write(arguments.whole / "mixture-16k.wav", y, RATE, subtype="FLOAT")
    if not arguments.full:
        (folder / "values.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
