"""Makes the small sound files of tests/fixtures/audio/.

Needs: numpy, soundfile, and ffmpeg with libmp3lame, libvorbis, libopus and libx264 on the PATH.

    python training/reference/make_audio_fixtures.py

Signal (unless the name says otherwise): 0.2 s, 44.1 kHz, stereo, 440 Hz in the left and 660 Hz in the right
channel, amplitude 0.5, both beginning at phase 0. So a decoder's rate, length, channel order, level and
delay can all be told from its output.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf

OUT = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "audio"
RATE = 44100
SECONDS = 0.2


def tones(frequencies: list[float], rate: int = RATE, seconds: float = SECONDS, amplitude: float = 0.5) -> np.ndarray:
    """(samples, channels): one sine per channel."""
    time = np.arange(round(rate * seconds)) / rate
    return amplitude * np.sin(2 * np.pi * np.outer(time, frequencies))


def ffmpeg(*arguments: str) -> None:
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *arguments]
    subprocess.run(command, check=True)


def encode(source: Path, name: str, *options: str) -> None:
    # bitexact and no metadata: the files do not change from run to run.
    ffmpeg("-i", str(source), "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", *options, str(OUT / name))


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    stereo = tones([440, 660])

    sf.write(OUT / "wav16.wav", stereo, RATE, subtype="PCM_16")
    sf.write(OUT / "wav24.wav", stereo, RATE, subtype="PCM_24")
    sf.write(OUT / "wavfloat.wav", stereo, RATE, subtype="FLOAT")
    sf.write(OUT / "wav8.wav", stereo, RATE, subtype="PCM_U8")
    sf.write(OUT / "mono.wav", tones([440]), RATE, subtype="PCM_16")
    sf.write(OUT / "rate8k.wav", tones([440], 8000), 8000, subtype="PCM_16")
    sf.write(OUT / "rate192k.wav", tones([440], 192000, 0.1), 192000, subtype="PCM_16")
    sf.write(OUT / "one-sample.wav", np.array([[0.5, -0.25]]), RATE, subtype="PCM_16")
    sf.write(OUT / "no-samples.wav", np.zeros((0, 2)), RATE, subtype="PCM_16")
    sf.write(OUT / "silent.wav", np.zeros((2205, 2)), RATE, subtype="PCM_16")
    sf.write(OUT / "clipped.wav", np.clip(tones([440, 660], seconds=0.05, amplitude=4.0), -1, 1), RATE, subtype="PCM_16")
    # WAVE order: front left, front right, centre, low frequencies, rear left, rear right.
    surround = tones([400, 800, 1200, 100, 1600, 2000], 22050, 0.2, 0.2)
    sf.write(OUT / "surround51.wav", surround, 22050, subtype="PCM_16")

    source = OUT / "wav16.wav"
    # Without bitexact: the LAME tag then tells the encoder's delay.
    ffmpeg("-i", str(source), "-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", "64k", str(OUT / "cbr.mp3"))
    encode(source, "vorbis.ogg", "-c:a", "libvorbis", "-q:a", "4")
    encode(source, "opus.opus", "-c:a", "libopus", "-b:a", "64k")
    encode(source, "flac.flac", "-c:a", "flac")
    encode(source, "aac.m4a", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart")
    encode(source, "adts.aac", "-c:a", "aac", "-b:a", "96k")
    encode(source, "opus.webm", "-c:a", "libopus", "-b:a", "64k")
    encode(source, "vorbis.webm", "-c:a", "libvorbis", "-q:a", "4")

    with tempfile.TemporaryDirectory() as folder:
        wide = Path(folder) / "surround.wav"
        sf.write(wide, tones([400, 800, 1200, 100, 1600, 2000], 48000, 0.2, 0.2), 48000, subtype="PCM_16")
        for name, codec in (("surround51.flac", "flac"), ("surround51.ogg", "libvorbis"), ("surround51.m4a", "aac"), ("surround51.opus", "libopus")):
            encode(wide, name, "-af", "aformat=channel_layouts=5.1", "-c:a", codec)

    with tempfile.TemporaryDirectory() as folder:
        alike, single = Path(folder) / "alike.wav", Path(folder) / "single.wav"
        sf.write(alike, tones([440, 440]), RATE, subtype="PCM_16")
        sf.write(single, tones([440]), RATE, subtype="PCM_16")
        for name, wav_file, codec in (
            ("alike.mp3", alike, "libmp3lame"),
            ("alike.m4a", alike, "aac"),
            ("mono.mp3", single, "libmp3lame"),
            ("mono.m4a", single, "aac"),
        ):
            ffmpeg("-i", str(wav_file), "-map_metadata", "-1", "-c:a", codec, "-b:a", "64k", str(OUT / name))

    picture = ["-f", "lavfi", "-i", f"color=c=black:s=32x32:r=10:d={SECONDS}"]
    video = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-flags:v", "+bitexact", "-map_metadata", "-1", "-fflags", "+bitexact"]
    ffmpeg(*picture, "-i", str(source), *video, "-c:a", "aac", "-b:a", "96k", str(OUT / "video-with-sound.mp4"))
    ffmpeg(*picture, *video, "-an", str(OUT / "video-without-sound.mp4"))
    ffmpeg("-f", "lavfi", "-i", "color=c=red:s=8x8:d=1", "-frames:v", "1", str(OUT / "picture.png"))

    wav = source.read_bytes()
    (OUT / "truncated.wav").write_bytes(wav[: 44 + 4 * 2000 + 1])  # 2000 frames and one stray byte; the header still promises 8820
    with tempfile.TemporaryDirectory() as folder:
        longer, encoded = Path(folder) / "longer.wav", Path(folder) / "longer.mp3"
        sf.write(longer, tones([440, 660], seconds=1.0), RATE, subtype="PCM_16")
        ffmpeg("-i", str(longer), "-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", "64k", str(encoded))
        mp3 = encoded.read_bytes()
        (OUT / "truncated.mp3").write_bytes(mp3[: len(mp3) // 2 + 37])  # ends in the middle of a frame
        encoded = Path(folder) / "longer.ogg"
        ffmpeg("-i", str(longer), "-map_metadata", "-1", "-fflags", "+bitexact", "-c:a", "libvorbis", "-q:a", "0", "-page_duration", "200000", str(encoded))
        ogg = encoded.read_bytes()
        (OUT / "truncated.ogg").write_bytes(ogg[: len(ogg) * 3 // 4])
        encoded = Path(folder) / "longer.m4a"
        ffmpeg("-i", str(longer), "-map_metadata", "-1", "-fflags", "+bitexact", "-c:a", "aac", "-b:a", "96k", str(encoded))
        m4a = encoded.read_bytes()
        (OUT / "truncated.m4a").write_bytes(m4a[: len(m4a) // 2])  # its index stood at the end: nothing can be decoded
    (OUT / "text.mp3").write_text("This is a shopping list: milk, bread, tea.\n" * 40)
    (OUT / "empty.mp3").write_bytes(b"")

    total = sum(file.stat().st_size for file in OUT.iterdir())
    print(json.dumps({file.name: file.stat().st_size for file in sorted(OUT.iterdir())}, indent=1), total)


if __name__ == "__main__":
    main()
