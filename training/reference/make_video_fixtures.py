"""Makes the small videos of tests/fixtures/video/ and packets.json, which says what FFmpeg reads from them.

Needs: ffmpeg and ffprobe with libx264, libvpx-vp9 and libopus on the PATH.

    python training/reference/make_video_fixtures.py

All have 2 s of a moving picture, 64 × 36, and sines: 440 Hz in the first sound track, 880 Hz in the second.
packets.json has, for each file, each track but the sounds: MD5 of its bytes, MD5 and time of every packet.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "video"

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=25:duration=2"]
NTSC = ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=30000/1001:duration=2"]
SOUNDS = [
    ["-f", "lavfi", "-i", f"sine=frequency={hertz}:sample_rate=44100:duration=2"] for hertz in (440, 880)
]
H264 = ["-c:v", "libx264", "-bf", "2", "-g", "20", "-crf", "51", "-pix_fmt", "yuv420p"]
VP9 = ["-c:v", "libvpx-vp9", "-crf", "63", "-b:v", "0", "-g", "20"]
AAC = ["-c:a", "aac", "-b:a", "16k", "-ac", "1"]
OPUS = ["-c:a", "libopus", "-b:a", "16k", "-ac", "1"]

SUBTITLES = """1
00:00:00,200 --> 00:00:00,900
First line

2
00:00:01,000 --> 00:00:01,800
Second line
"""

CHAPTERS = """;FFMETADATA1
title=Test song
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=Verse
[CHAPTER]
TIMEBASE=1/1000
START=1000
END=2000
title=Chorus
"""


def ffmpeg(name: str, *arguments: str) -> None:
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *arguments, "-fflags", "+bitexact"]
    command += ["-flags:v", "+bitexact", "-flags:a", "+bitexact", str(OUT / name)]
    subprocess.run(command, check=True)


def probe(name: str, *arguments: str) -> dict:
    command = ["ffprobe", "-loglevel", "error", "-of", "json", *arguments, str(OUT / name)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def md5_of_all(name: str, index: int) -> str:
    command = ["ffmpeg", "-loglevel", "error", "-i", str(OUT / name), "-map", f"0:{index}", "-c", "copy", "-f", "data", "-"]
    return hashlib.md5(subprocess.run(command, check=True, capture_output=True).stdout).hexdigest()


def packets(name: str) -> list[dict]:
    found = probe(name, "-show_packets", "-show_data_hash", "MD5", "-show_streams")
    kinds = {stream["index"]: stream["codec_type"] for stream in found["streams"]}
    tracks: dict[int, dict] = {}
    for packet in found["packets"]:
        index = packet["stream_index"]
        if kinds[index] == "audio":
            continue
        track = tracks.setdefault(index, {"kind": kinds[index], "md5": md5_of_all(name, index), "packets": []})
        md5 = packet["data_hash"].removeprefix("MD5:")
        md5 = packet["data_hash"].removeprefix("MD5:")
        track["packets"].append({"md5": md5, "seconds": float(packet["pts_time"])})
    return [tracks[index] for index in sorted(tracks)]


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subtitles, chapters = Path(folder) / "lines.srt", Path(folder) / "chapters.txt"
        subtitles.write_text(SUBTITLES)
        chapters.write_text(CHAPTERS)
        extras = ["-i", str(subtitles), "-i", str(chapters), "-map", "0", "-map", "1", "-map", "2", "-map", "3"]
        extras += ["-map_metadata", "4", "-map_chapters", "4"]
        names = ["-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=fra", "-metadata:s:s:0", "language=eng"]
        colours = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
        # The picture begins with an edit that skips the delay of its B-frames.
        ffmpeg("two-sounds.mp4", *PICTURE, *SOUNDS[0], *SOUNDS[1], *extras, *names, *H264, *colours, *AAC, "-c:s", "mov_text")
        # Turned by 90 degrees, the description in front, 29.97 pictures a second.
        ffmpeg("turned.mp4", *NTSC, *SOUNDS[0], *H264, *AAC)
        ffmpeg("turned.mov", "-i", str(OUT / "turned.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=90", "-movflags", "+faststart")
        (OUT / "turned.mp4").unlink()
        fragments = ["-movflags", "+frag_keyframe+empty_moov"]
        ffmpeg("fragments.mp4", *PICTURE, *SOUNDS[0], *H264, *AAC, *fragments)
        # The second sound is the default one.
        default = ["-disposition:a:0", "0", "-disposition:a:1", "default"]
        attached = ["-attach", str(subtitles), "-metadata:s:t", "mimetype=text/plain", "-metadata:s:t", "filename=lines.srt"]
        ffmpeg("two-sounds.mkv", *PICTURE, *SOUNDS[0], *SOUNDS[1], *extras, *names, *H264, *AAC, "-c:s", "srt", *default, *attached)
        ffmpeg("plain.webm", *PICTURE, *SOUNDS[0], *VP9, *OPUS)
        # As a recorder writes it: clusters of unknown size, no index, no duration.
        ffmpeg("live.webm", *PICTURE, *SOUNDS[0], *VP9, *OPUS, "-live", "1", "-cluster_time_limit", "500")
        # A part of a longer recording: all its times begin at 3600 s.
        ffmpeg("part.mkv", "-i", str(OUT / "two-sounds.mkv"), "-map", "0:v", "-map", "0:a:0", "-map_chapters", "-1", "-c", "copy", "-output_ts_offset", "3600")
    names = ["two-sounds.mp4", "turned.mov", "fragments.mp4", "two-sounds.mkv", "plain.webm", "live.webm", "part.mkv"]
    lines = [f'  "{name}": {json.dumps(packets(name))}' for name in names]
    (OUT / "packets.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
