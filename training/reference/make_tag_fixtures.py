"""Makes the small tagged files of tests/fixtures/audio/tags/, and tags.json, which says what each of them was given.

Needs: mutagen, and ffmpeg with libmp3lame, libvorbis and libopus on the PATH.

    python training/reference/make_tag_fixtures.py

mutagen and FFmpeg write the tags. What neither can write (old encodings, chunks of AIFF, two tags in a row) is put
together here, byte by byte. The sound is 50 ms of silence.
"""

from __future__ import annotations

import base64
import json
import struct
import subprocess
import zlib
from pathlib import Path

from mutagen import aiff, apev2, asf, flac, id3, mp4, oggflac, oggopus, oggvorbis, wave

OUT = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "audio" / "tags"
expected: dict[str, dict] = {}


def png() -> bytes:
    """A picture of one red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0", 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


COVER = png()
COVER_JSON = {"mimeType": "image/png", "base64": base64.b64encode(COVER).decode()}

ALL = {
    "title": "Café 夜曲",
    "artist": "Zoë & Söhne",
    "album": "Über alles",
    "albumArtist": "Somebody Else",
    "composer": "Ænima Ørsted",
    "genre": "Synthpop",
    "date": "2019-05-04",
    "trackNumber": 3,
    "tracksTotal": 12,
    "discNumber": 1,
    "discsTotal": 2,
    "bpm": 128,
    "key": "F#m",
}


def ffmpeg(name: str, *options: str, metadata: dict[str, str] | None = None) -> Path:
    """Encodes the silence; bitexact, so that the file does not change from run to run."""
    path = OUT / name
    given = [part for key, value in (metadata or {}).items() for part in ("-metadata", f"{key}={value}")]
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono"]
    command += ["-t", "0.05", *given, "-fflags", "+bitexact", "-flags:a", "+bitexact", *options, str(path)]
    subprocess.run(command, check=True)
    return path


def expect(name: str, what: str, tags: dict, cover: bool = True) -> None:
    expected[name] = {"what": what, "tags": {**tags, **({"cover": COVER_JSON} if cover else {})}}


def id3_frames(tags: dict, picture_type: int | None, encoding: int = 1) -> list:
    """The frames of the given tags; a picture type of None leaves the picture out."""
    texts = {
        "TIT2": tags.get("title"),
        "TPE1": tags.get("artist"),
        "TALB": tags.get("album"),
        "TPE2": tags.get("albumArtist"),
        "TCOM": tags.get("composer"),
        "TCON": tags.get("genre"),
        "TDRC": tags.get("date"),
        "TRCK": f"{tags['trackNumber']}/{tags['tracksTotal']}" if "trackNumber" in tags else None,
        "TPOS": f"{tags['discNumber']}/{tags['discsTotal']}" if "discNumber" in tags else None,
        "TBPM": str(tags["bpm"]) if "bpm" in tags else None,
        "TKEY": tags.get("key"),
    }
    frames = [getattr(id3, name)(encoding=encoding, text=[text]) for name, text in texts.items() if text]
    if picture_type is not None:
        frames.append(id3.APIC(encoding=encoding, mime="image/png", type=picture_type, desc="", data=COVER))
    return frames


def id3_tag(frames: list) -> id3.ID3:
    tag = id3.ID3()
    for frame in frames:
        tag.add(frame)
    return tag


def id3_bytes(frames: list, version: int) -> bytes:
    """A tag of its own, without padding."""
    path = OUT / "tag.tmp"
    path.unlink(missing_ok=True)
    tag = id3_tag(frames)
    if version == 3:
        tag.update_to_v23()
    path.write_bytes(b"")
    tag.save(path, v1=0, v2_version=version, padding=lambda _: 0)
    data = path.read_bytes()
    path.unlink()
    return data


def unsynchronised(tag: bytes) -> bytes:
    """An ID3v2.3 tag with a zero byte after each 0xFF before 0 or 0xE0 and over (ID3v2.3, section 5)."""
    body, out = tag[10:], bytearray()
    for index, byte in enumerate(body):
        out.append(byte)
        following = body[index + 1] if index + 1 < len(body) else 0
        if byte == 0xFF and (following == 0 or following >= 0xE0):
            out.append(0)
    return tag[:5] + bytes([tag[5] | 0x80]) + synchsafe(len(out)) + bytes(out)


def synchsafe(size: int) -> bytes:
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))


def id3v2(version: int, frames: bytes) -> bytes:
    return b"ID3" + bytes([version, 0, 0]) + synchsafe(len(frames)) + frames


def id3v1(title: bytes, artist: bytes, album: bytes, year: bytes, track: int, genre: int) -> bytes:
    pad = lambda text, length: text.ljust(length, b"\0")
    return b"TAG" + pad(title, 30) + pad(artist, 30) + pad(album, 30) + pad(year, 4) + pad(b"", 28) + bytes([0, track, genre])


def mp3(name: str, before: bytes = b"", after: bytes = b"") -> Path:
    path = ffmpeg(name, "-c:a", "libmp3lame", "-b:a", "8k", "-id3v2_version", "0", "-write_xing", "0")
    path.write_bytes(before + path.read_bytes() + after)
    return path


def chunk(kind: bytes, data: bytes, order: str) -> bytes:
    return kind + struct.pack(f"{order}I", len(data)) + data + b"\0" * (len(data) % 2)


def add_chunks(path: Path, chunks: bytes, order: str) -> None:
    """Appends chunks to a RIFF or AIFF file."""
    data = path.read_bytes() + chunks
    path.write_bytes(data[:4] + struct.pack(f"{order}I", len(data) - 8) + data[8:])


def info(**texts: bytes) -> bytes:
    return chunk(b"LIST", b"INFO" + b"".join(chunk(name.encode(), text + b"\0", "<") for name, text in texts.items()), "<")


def wav_files() -> None:
    some = {"title": "Café 夜曲", "artist": "Zoë & Söhne", "album": "Über alles", "genre": "Synthpop", "date": "2019"}
    ffmpeg("info-utf8.wav", metadata={**some, "track": "3/12"})
    expect("info-utf8.wav", "RIFF INFO in UTF-8", {**some, "trackNumber": 3, "tracksTotal": 12}, cover=False)

    path = ffmpeg("info-cp1252.wav")
    add_chunks(path, info(INAM="“Café” – Live".encode("cp1252"), IART="Zoë".encode("cp1252")), "<")
    expect("info-cp1252.wav", "RIFF INFO in Windows-1252", {"title": "“Café” – Live", "artist": "Zoë"}, cover=False)

    path = ffmpeg("id3.wav")
    file = wave.WAVE(path)
    file.add_tags()
    for frame in id3_frames(ALL, 3):
        file.tags.add(frame)
    file.save()
    expect("id3.wav", "ID3v2.4 in a chunk of WAV", ALL)

    path = ffmpeg("info-and-id3.wav")
    tag = id3_bytes(id3_frames({"title": ALL["title"], "bpm": 128}, None), 4)
    add_chunks(path, info(INAM=b"Caf", IART=b"Nobody") + chunk(b"id3 ", tag, "<"), "<")
    expect(
        "info-and-id3.wav",
        "RIFF INFO and ID3: ID3 comes first",
        {"title": ALL["title"], "artist": "Nobody", "bpm": 128},
        cover=False,
    )


def aiff_files() -> None:
    path = ffmpeg("id3.aiff")
    file = aiff.AIFF(path)
    file.add_tags()
    for frame in id3_frames(ALL, 3):
        file.tags.add(frame)
    file.save()
    expect("id3.aiff", "ID3 in a chunk of AIFF", ALL)

    path = ffmpeg("name-auth.aiff")
    add_chunks(path, chunk(b"NAME", "Café 夜曲".encode(), ">") + chunk(b"AUTH", "Zoë".encode("latin-1"), ">"), ">")
    expect("name-auth.aiff", "NAME and AUTH chunks of AIFF", {"title": "Café 夜曲", "artist": "Zoë"}, cover=False)


def mp3_files() -> None:
    for version in (3, 4):
        for picture_type, kind in ((3, "front"), (0, "other"), (17, "fish")):
            if version == 4 and picture_type == 17:
                continue
            name = f"id3v2{version}-{kind}.mp3"
            mp3(name, id3_bytes(id3_frames(ALL, picture_type, 1 if version == 3 else 3), version))
            expect(name, f"ID3v2.{version}, picture of type {picture_type}", ALL)

    # 0xFF in the picture, in the byte order marks and in “ÿ”.
    with_ff = {"title": "ÿÿ Nuit", "artist": "L’Haÿ"}
    mp3("unsynchronised.mp3", unsynchronised(id3_bytes(id3_frames(with_ff, 3), 3)))
    expect("unsynchronised.mp3", "ID3v2.3 with unsynchronisation", with_ff)

    old_frames = {
        b"TT2": b"\x01" + "Café 夜曲".encode("utf-16"),
        b"TP1": b"\x00" + "Zoë".encode("latin-1") + b"\0",
        b"TCO": b"\x00(17)",
        b"TRK": b"\x003/12",
        b"TYE": b"\x001987",
        b"TKE": b"\x00Am",
        b"PIC": b"\x00PNG\x03cover\0" + COVER,
    }
    mp3("id3v22.mp3", id3v2(2, b"".join(name + struct.pack(">I", len(data))[1:] + data for name, data in old_frames.items())))
    expect(
        "id3v22.mp3",
        "ID3v2.2, genre by number",
        {"title": "Café 夜曲", "artist": "Zoë", "genre": "Rock", "trackNumber": 3, "tracksTotal": 12, "date": "1987", "key": "Am"},
    )

    title = b"\x01" + "ÿ Nuit".encode("utf-16")
    inserted = title.replace(b"\xff", b"\xff\0")
    packed = b"\x03" + "Zoë".encode()
    compressed = synchsafe(len(packed)) + zlib.compress(packed)
    # Flags of TIT2: unsynchronised, with its length; of TPE1: compressed, with its length.
    frames = b"TIT2" + synchsafe(4 + len(inserted)) + b"\0\x03" + synchsafe(len(title)) + inserted
    frames += b"TPE1" + synchsafe(len(compressed)) + b"\0\x09" + compressed
    mp3("id3v24-frame-flags.mp3", id3v2(4, frames))
    expect(
        "id3v24-frame-flags.mp3",
        "ID3v2.4 with an unsynchronised and a compressed frame",
        {"title": "ÿ Nuit", "artist": "Zoë"},
        cover=False,
    )

    mp3("utf16be.mp3", id3_bytes(id3_frames(ALL, 3, 2), 4))
    expect("utf16be.mp3", "ID3v2.4 in UTF-16BE", ALL)

    first = id3_bytes(id3_frames({"title": "First", "bpm": 90}, None, 3), 4)
    second = id3_bytes(id3_frames({"title": "Second", "artist": "Second", "key": "C"}, 3, 1), 3)
    mp3("two-id3v2.mp3", first + second)
    expect("two-id3v2.mp3", "two ID3v2 tags in a row", {"title": "First", "artist": "Second", "bpm": 90, "key": "C"})

    old = id3v1("Café".encode("latin-1"), b"Old Artist", b"Old Album", b"1987", 4, 13)
    mp3("id3v1.mp3", after=old)
    v1 = {"title": "Café", "artist": "Old Artist", "album": "Old Album", "date": "1987", "trackNumber": 4, "genre": "Pop"}
    expect("id3v1.mp3", "ID3v1 only", v1, cover=False)

    mp3("id3v2-and-id3v1.mp3", id3_bytes(id3_frames({"title": "Café 夜曲"}, None), 3), old)
    expect("id3v2-and-id3v1.mp3", "ID3v2 with a title only, and ID3v1", {**v1, "title": "Café 夜曲"}, cover=False)

    several = [id3.TIT2(encoding=3, text=["Duet"]), id3.TPE1(encoding=3, text=["Zoë", "Søren"])]
    mp3("two-artists.mp3", id3_bytes(several, 4))
    expect("two-artists.mp3", "two artists in one frame", {"title": "Duet", "artist": "Zoë; Søren"}, cover=False)

    path = mp3("ape.mp3", after=b"")
    ape_tag(path)
    expect("ape.mp3", "APEv2 at the end of an MP3", ALL)

    path = mp3("ape-and-id3v1.mp3", after=b"")
    ape_tag(path)
    path.write_bytes(path.read_bytes() + old)
    expect("ape-and-id3v1.mp3", "APEv2 before ID3v1", ALL)


def ape_tag(path: Path) -> None:
    tag = apev2.APEv2()
    tag.update(
        {
            "Title": ALL["title"],
            "Artist": ALL["artist"],
            "Album": ALL["album"],
            "Album Artist": ALL["albumArtist"],
            "Composer": ALL["composer"],
            "Genre": ALL["genre"],
            "Year": ALL["date"],
            "Track": "3/12",
            "Disc": "1/2",
            "BPM": "128",
            "InitialKey": ALL["key"],
        }
    )
    tag["Cover Art (Front)"] = apev2.APEValue(b"cover.png\0" + COVER, apev2.BINARY)
    tag.save(path)


def other_files() -> None:
    ape_tag(ffmpeg("ape.wv", "-c:a", "wavpack"))
    expect("ape.wv", "APEv2 in WavPack", ALL)

    path = ffmpeg("tags.m4a", "-c:a", "aac", "-b:a", "8k")
    file = mp4.MP4(path)
    file.delete()
    file["\xa9nam"], file["\xa9ART"], file["\xa9alb"] = ALL["title"], ALL["artist"], ALL["album"]
    file["aART"], file["\xa9gen"], file["\xa9day"] = ALL["albumArtist"], ALL["genre"], ALL["date"]
    file["\xa9wrt"] = ALL["composer"]
    file["trkn"], file["disk"], file["tmpo"] = [(3, 12)], [(1, 2)], [128]
    file["----:com.apple.iTunes:initialkey"] = mp4.MP4FreeForm(ALL["key"].encode())
    file["covr"] = [mp4.MP4Cover(COVER, mp4.MP4Cover.FORMAT_PNG)]
    file.save()
    expect("tags.m4a", "atoms of MP4", ALL)

    path = ffmpeg("genre-number.m4a", "-c:a", "aac", "-b:a", "8k")
    file = mp4.MP4(path)
    file.delete()
    file["\xa9nam"] = ["A song "]
    file.save()
    # mutagen writes no numbers: “gnre” 14 is the genre 13 of ID3v1. The title gives way, byte for byte.
    data = path.read_bytes()
    item = struct.pack(">I4sI4sII", 31, b"\xa9nam", 23, b"data", 1, 0) + b"A song "
    number = struct.pack(">I4sI4sIIH", 31, b"gnre", 18, b"data", 0, 0, 14) + b"\0" * 5
    assert item in data and len(item) == len(number)
    path.write_bytes(data.replace(item, number))
    expect("genre-number.m4a", "genre by number in MP4", {"genre": "Pop"}, cover=False)

    comments = {
        "TITLE": ALL["title"],
        "ARTIST": ALL["artist"],
        "ALBUM": ALL["album"],
        "ALBUMARTIST": ALL["albumArtist"],
        "COMPOSER": ALL["composer"],
        "GENRE": ALL["genre"],
        "DATE": ALL["date"],
        "TRACKNUMBER": "3",
        "TRACKTOTAL": "12",
        "DISCNUMBER": "1",
        "DISCTOTAL": "2",
        "BPM": "128",
        "INITIALKEY": ALL["key"],
    }
    picture = flac.Picture()
    picture.type, picture.mime, picture.data = 0, "image/png", COVER
    picture.width = picture.height = 1
    picture.depth = 24
    file = flac.FLAC(ffmpeg("tags.flac", "-c:a", "flac"))
    file.update(comments)
    file.add_picture(picture)
    file.save(padding=lambda _: 0)
    expect("tags.flac", "Vorbis comments and a picture of type 0 in FLAC", ALL)

    encoded = base64.b64encode(picture.write()).decode()
    for name, codec, kind in (
        ("tags.opus", "libopus", oggopus.OggOpus),
        ("tags.ogg", "libvorbis", oggvorbis.OggVorbis),
        ("flac.ogg", "flac", oggflac.OggFLAC),
    ):
        file = kind(ffmpeg(name, "-c:a", codec, "-b:a", "16k", "-f", "ogg"))
        file.update({**comments, "METADATA_BLOCK_PICTURE": encoded})
        file.save(padding=lambda _: 0)
        expect(name, f"Vorbis comments in Ogg, {codec}", ALL)

    file = asf.ASF(ffmpeg("tags.wma", "-c:a", "wmav2", "-ar", "22050", "-b:a", "32k"))
    file["Title"], file["Author"], file["WM/AlbumTitle"] = ALL["title"], ALL["artist"], ALL["album"]
    file["WM/AlbumArtist"], file["WM/Composer"], file["WM/Genre"] = ALL["albumArtist"], ALL["composer"], ALL["genre"]
    file["WM/Year"], file["WM/TrackNumber"], file["WM/PartOfSet"] = ALL["date"], "3/12", "1/2"
    file["WM/BeatsPerMinute"], file["WM/InitialKey"] = "128", ALL["key"]
    header = bytes([3]) + struct.pack("<I", len(COVER)) + "image/png\0".encode("utf-16-le") + b"\0\0"
    file["WM/Picture"] = [asf.ASFValue(header + COVER, asf.BYTEARRAY)]
    file.save(padding=lambda _: 0)
    expect("tags.wma", "attributes of ASF", ALL)

    some = {"title": ALL["title"], "artist": ALL["artist"], "album": ALL["album"], "genre": ALL["genre"], "date": "2019"}
    for name, options in (
        ("tags.mka", ["-c:a", "flac"]),
        ("tags.webm", ["-c:a", "libopus", "-b:a", "16k"]),
        ("tags.caf", ["-c:a", "pcm_s16be"]),
    ):
        ffmpeg(name, *options, metadata=some)
        expect(name, f"FFmpeg’s tags in {name.split('.')[1]}", some, cover=False)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    wav_files()
    aiff_files()
    mp3_files()
    other_files()
    (OUT / "tags.json").write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
