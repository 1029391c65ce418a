"""Makes the sound files of tests/fixtures/formats/, one for each row of docs/formats.md, and what FFmpeg decodes of them,
and those of tests/fixtures/seek/, which are long enough to decode a part of.

Needs: ffmpeg (5.1) with libmp3lame, libvorbis, libopus and libspeex on the PATH.

    python training/reference/make_format_fixtures.py

Signal: 0.1 s, stereo, 440 Hz left and 660 Hz right, amplitude 0.4, both from phase 0. Samples of reference.json are
FFmpeg's, of a file's first audio track, at evenly spaced places.
"""

from __future__ import annotations

import json
import math
import struct
import subprocess
import tempfile
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "formats"
SEEK_OUT = OUT.parent / "seek"
SECONDS = 0.1
PLACES = 12

# file, row of docs/formats.md (container, codec), rate of the source, options of ffmpeg
FILES: list[tuple[str, str, str, int, str]] = [
    ("u8.wav", "WAV", "PCM, 8 bit", 8000, "-c:a pcm_u8"),
    ("s16.wav", "WAV", "PCM, 16 bit", 8000, "-c:a pcm_s16le"),
    ("s24.wav", "WAV", "PCM, 24 bit", 8000, "-c:a pcm_s24le"),
    ("s32.wav", "WAV", "PCM, 32 bit", 8000, "-c:a pcm_s32le"),
    ("f32.wav", "WAV", "PCM, 32-bit float", 8000, "-c:a pcm_f32le"),
    ("f64.wav", "WAV", "PCM, 64-bit float", 8000, "-c:a pcm_f64le"),
    ("alaw.wav", "WAV", "A-law", 8000, "-c:a pcm_alaw"),
    ("mulaw.wav", "WAV", "μ-law", 8000, "-c:a pcm_mulaw"),
    ("adpcm-ms.wav", "WAV", "ADPCM (Microsoft)", 8000, "-c:a adpcm_ms"),
    ("adpcm-ima.wav", "WAV", "ADPCM (IMA)", 8000, "-c:a adpcm_ima_wav"),
    ("mp3.wav", "WAV", "MP3", 44100, "-c:a libmp3lame -b:a 64k"),
    ("1khz.wav", "WAV", "PCM, 16 bit", 1000, "-c:a pcm_s16le"),
    ("rf64.wav", "RF64", "PCM, 16 bit", 8000, "-rf64 always"),
    ("s16.w64", "Wave64", "PCM, 16 bit", 8000, ""),
    ("s16.aiff", "AIFF", "PCM, 16 bit", 8000, "-c:a pcm_s16be"),
    ("s24.aiff", "AIFF", "PCM, 24 bit", 8000, "-c:a pcm_s24be"),
    ("f32.aifc", "AIFF-C", "PCM, 32-bit float", 8000, "-c:a pcm_f32be -f aiff"),
    ("s16.caf", "CAF", "PCM, 16 bit", 8000, "-c:a pcm_s16be"),
    ("alac.caf", "CAF", "ALAC", 8000, "-c:a alac"),
    ("s16.au", "AU", "PCM, 16 bit", 8000, "-c:a pcm_s16be"),
    ("flac.flac", "FLAC", "FLAC", 8000, ""),
    ("12345hz.flac", "FLAC", "FLAC", 12345, ""),
    ("flac.ogg", "Ogg", "FLAC", 8000, "-c:a flac"),
    ("vorbis.ogg", "Ogg", "Vorbis", 44100, "-c:a libvorbis"),
    ("opus.opus", "Ogg", "Opus", 48000, "-c:a libopus"),
    ("speex.spx", "Ogg", "Speex", 16000, "-c:a libspeex -ac 1"),
    ("mp3.mp3", "MP3", "MP3", 44100, "-c:a libmp3lame -b:a 64k"),
    ("22050hz.mp3", "MP3", "MP3", 22050, "-c:a libmp3lame -b:a 32k"),
    ("mp2.mp2", "MP2", "MP2", 44100, "-c:a mp2 -b:a 64k"),
    ("aac.aac", "AAC (ADTS)", "AAC", 44100, "-c:a aac -b:a 64k"),
    ("ac3.ac3", "AC-3", "AC-3", 44100, "-c:a ac3 -b:a 64k"),
    ("eac3.eac3", "AC-3", "E-AC-3", 44100, "-c:a eac3 -b:a 64k"),
    ("aac.m4a", "MP4, M4A, MOV", "AAC", 44100, "-c:a aac -b:a 64k"),
    ("alac.m4a", "MP4, M4A, MOV", "ALAC", 8000, "-c:a alac"),
    ("mp3.mp4", "MP4, M4A, MOV", "MP3", 44100, "-c:a libmp3lame -b:a 64k"),
    ("opus.mp4", "MP4, M4A, MOV", "Opus", 48000, "-c:a libopus"),
    ("flac.mp4", "MP4, M4A, MOV", "FLAC", 8000, "-c:a flac -strict -2"),
    ("vorbis.mp4", "MP4, M4A, MOV", "Vorbis", 44100, "-c:a libvorbis"),
    ("ac3.mp4", "MP4, M4A, MOV", "AC-3", 44100, "-c:a ac3 -b:a 64k"),
    ("s16.mov", "MP4, M4A, MOV", "PCM, 16 bit", 8000, "-c:a pcm_s16be"),
    ("fragments.mp4", "MP4, M4A, MOV", "AAC", 44100, "-c:a aac -b:a 64k -movflags +frag_keyframe+empty_moov"),
    ("opus.webm", "Matroska, WebM", "Opus", 48000, "-c:a libopus"),
    ("vorbis.webm", "Matroska, WebM", "Vorbis", 44100, "-c:a libvorbis"),
    ("aac.mka", "Matroska, WebM", "AAC", 44100, "-c:a aac -b:a 64k"),
    ("mp3.mka", "Matroska, WebM", "MP3", 44100, "-c:a libmp3lame -b:a 64k"),
    ("flac.mka", "Matroska, WebM", "FLAC", 8000, "-c:a flac"),
    ("ac3.mka", "Matroska, WebM", "AC-3", 44100, "-c:a ac3 -b:a 64k"),
    ("dts.mka", "Matroska, WebM", "DTS", 44100, "-c:a dca -strict -2 -b:a 256k"),
    ("s16.mka", "Matroska, WebM", "PCM, 16 bit", 8000, "-c:a pcm_s16le"),
    ("mp3.avi", "AVI", "MP3", 44100, "-c:a libmp3lame -b:a 64k"),
    ("s16.avi", "AVI", "PCM, 16 bit", 8000, "-c:a pcm_s16le"),
    ("aac.mpegts", "MPEG-TS", "AAC", 44100, "-c:a aac -b:a 64k -f mpegts"),
    ("aac.flv", "FLV", "AAC", 44100, "-c:a aac -b:a 64k"),
    ("wma1.wma", "WMA, WMV", "WMA 1", 44100, "-c:a wmav1 -b:a 64k"),
    ("wma2.wma", "WMA, WMV", "WMA 2", 44100, "-c:a wmav2 -b:a 64k"),
    ("wavpack.wv", "WavPack", "WavPack", 8000, ""),
    ("tta.tta", "TTA", "TTA", 8000, ""),
]

# 5.1 of amplitude 0.2: left 400, right 800, centre 1200, LFE 100, surrounds 1600 and 2000 Hz, 0.1 s at 48 kHz.
SURROUND = [
    ("alac.5.1.m4a", "-c:a alac"),
    ("aac.5.1.m4a", "-c:a aac -b:a 192k"),
    ("opus.5.1.webm", "-c:a libopus -b:a 192k -mapping_family 1"),
    ("vorbis.5.1.webm", "-c:a libvorbis"),
    ("ac3.5.1.ac3", "-c:a ac3 -b:a 320k"),
    ("wavpack.5.1.wv", ""),
    ("flac.5.1.flac", ""),
]

# Files that do not tell how much padding the encoder added, or that FFmpeg decodes in whole blocks: all is kept.
WITH_PADDING = (
    "adpcm-ms.wav adpcm-ima.wav mp3.wav mp2.mp2 aac.aac ac3.ac3 eac3.eac3 ac3.mp4 fragments.mp4 vorbis.webm aac.mka "
    "mp3.mka ac3.mka dts.mka mp3.avi aac.mpegts aac.flv wma1.wma wma2.wma"
).split()

EXACT = ("pcm", "adpcm", "flac", "alac", "wavpack", "tta")


def tones(hertz: list[int], rate: int, amplitude: float) -> bytes:
    """A WAV file of one sine per channel."""
    return wav([[amplitude * math.sin(2 * math.pi * f * n / rate) for n in range(round(rate * SECONDS))] for f in hertz], rate)


def wav(channels: list[list[float]], rate: int) -> bytes:
    """A WAV file of 16 bits."""
    data = b"".join(struct.pack("<h", round(32768 * value)) for frame in zip(*channels) for value in frame)
    frame = 2 * len(channels)
    head = struct.pack("<IHHIIHH", 16, 1, len(channels), rate, rate * frame, frame, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + head + b"data" + struct.pack("<I", len(data)) + data


def run(*arguments: str) -> bytes:
    return subprocess.run([*arguments], check=True, capture_output=True).stdout


def encode(source: Path, target: Path, options: str) -> None:
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    run("ffmpeg", "-v", "error", "-y", "-i", str(source), *plain, *options.split(), str(target))


def reference(path: Path) -> dict:
    """What FFmpeg finds in a file, and samples of it."""
    entries = "stream=codec_name,sample_rate,channels"
    found = json.loads(run("ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", entries, "-of", "json", str(path)))
    stream = found["streams"][0]
    channels = stream["channels"]
    raw = run("ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-f", "f32le", "-c:a", "pcm_f32le", "-")
    values = struct.unpack(f"<{len(raw) // 4}f", raw)
    count = len(values) // channels
    # Both ends may be padding that only some decoders remove: docs/formats.md.
    places = [count // 16 + n * (count - count // 4) // PLACES for n in range(PLACES)]
    return {
        "codec": stream["codec_name"],
        "sampleRate": int(stream["sample_rate"]),
        "channels": channels,
        "length": count,
        "places": places,
        "samples": [[float(f"{values[p * channels + c]:.9g}") for p in places] for c in range(channels)],
        "exact": any(stream["codec_name"].startswith(name) for name in EXACT),
    }


def odd_files(folder: Path) -> None:
    """Files whose parts do not begin, or end, where a simple reader expects it."""
    for name, options in (("chained.ogg", "-c:a libvorbis -ar 44100"), ("chained.opus", "-c:a libopus")):
        links = []
        for n, hertz in enumerate((440, 660)):
            source, link = folder / "link.wav", folder / f"{n}-{name}"
            source.write_bytes(tones([hertz], 48000, 0.4))
            # Streams that are chained have different serial numbers.
            encode(source, link, f"{options} -serial_offset {n + 1}")
            links.append(link.read_bytes())
        (OUT / name).write_bytes(b"".join(links))
    source, other = folder / "source.wav", folder / "other.wav"
    source.write_bytes(tones([440, 440], 44100, 0.4))
    other.write_bytes(tones([660], 44100, 0.4))
    bitexact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-flags:a", "+bitexact"]
    picture = ["-f", "lavfi", "-i", "color=s=16x16:d=0.5:r=10"]
    run("ffmpeg", "-v", "error", "-y", *picture, "-itsoffset", "0.25", "-i", str(source), "-c:v", "libx264", "-c:a", "aac", *bitexact, str(OUT / "late.mp4"))
    run("ffmpeg", "-v", "error", "-y", *picture, "-itsoffset", "0.25", "-i", str(source), "-c:v", "libx264", "-c:a", "flac", *bitexact, str(OUT / "late.mkv"))
    run(
        "ffmpeg", "-v", "error", "-y", "-i", str(source), "-i", str(other), "-map", "0", "-map", "1", "-c:a", "flac", "-ar", "8000",
        *bitexact, "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu", "-metadata:s:a:1", "title=Kommentar",
        "-disposition:a:0", "0", "-disposition:a:1", "default", str(OUT / "second-is-default.mka"),
    )
    run("ffmpeg", "-v", "error", "-y", "-i", str(source), "-ar", "8000", "-fflags", "+bitexact", "-metadata", "title=Tagged", "-write_id3v2", "1", str(OUT / "tagged.aiff"))


# Files of SEEK_SECONDS: file, rate, options of ffmpeg.
SEEK_SECONDS = 6
SEEK_FILES: list[tuple[str, int, str]] = [
    ("pcm.aiff", 4000, "-c:a pcm_s16be"),
    ("pcm.caf", 4000, "-c:a pcm_s16be"),
    ("pcm.w64", 4000, "-c:a pcm_s16le"),
    ("pcm.au", 4000, "-c:a pcm_s16be"),
    ("adpcm.wav", 8000, "-c:a adpcm_ms"),
    ("flac.flac", 8000, ""),
    ("flac.ogg", 8000, "-c:a flac"),
    ("flac.mka", 8000, "-c:a flac"),
    ("alac.m4a", 8000, "-c:a alac"),
    ("wavpack.wv", 8000, "-frame_size 8000"),
    ("tta.tta", 8000, ""),
    ("vorbis.ogg", 44100, "-c:a libvorbis -b:a 32k"),
    ("vorbis.webm", 44100, "-c:a libvorbis -b:a 32k"),
    ("opus.opus", 48000, "-c:a libopus -b:a 24k"),
    ("opus.webm", 48000, "-c:a libopus -b:a 24k"),
    ("cbr.mp3", 44100, "-c:a libmp3lame -b:a 32k"),
    ("vbr.mp3", 22050, "-c:a libmp3lame -q:a 6"),
    ("mp3.mka", 44100, "-c:a libmp3lame -b:a 32k"),
    ("mp2.mp2", 32000, "-c:a mp2 -b:a 32k"),
    ("ac3.ac3", 44100, "-c:a ac3 -b:a 32k"),
    ("mp3.avi", 44100, "-c:a libmp3lame -b:a 32k"),
    ("aac.aac", 44100, "-c:a aac -b:a 32k -aac_pns 0"),
    ("aac.m4a", 44100, "-c:a aac -b:a 32k -aac_pns 0"),
    ("aac.mka", 44100, "-c:a aac -b:a 32k -aac_pns 0"),
    ("aac.flv", 44100, "-c:a aac -b:a 32k -aac_pns 0"),
    ("aac.mpegts", 44100, "-c:a aac -b:a 32k -aac_pns 0 -f mpegts"),
]


def seek_files(source: Path) -> None:
    """A tone that rises: no moment is like another one."""
    SEEK_OUT.mkdir(parents=True, exist_ok=True)
    for file, rate, options in SEEK_FILES:
        times = [n / rate for n in range(rate * SEEK_SECONDS)]
        samples = [0.4 * math.sin(2 * math.pi * (100 * t + rate / 80 * t * t)) for t in times]
        source.write_bytes(wav([samples], rate))
        encode(source, SEEK_OUT / file, options)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.wav"
        for file, container, codec, rate, options in FILES:
            source.write_bytes(tones([440, 660] if rate > 2000 else [44, 66], rate, 0.4))
            encode(source, OUT / file, options)
            row = {"file": file, "container": container, "name": codec, **reference(OUT / file)}
            rows.append(row if file in WITH_PADDING else {**row, "length": round(rate * SECONDS)})
        source.write_bytes(tones([400, 800, 1200, 100, 1600, 2000], 48000, 0.2))
        for file, options in SURROUND:
            encode(source, OUT / file, f"-channel_layout 5.1 {options}" if "opus" not in file else options)
        odd_files(Path(folder))
        seek_files(source)
    (OUT / "reference.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
