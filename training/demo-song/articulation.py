"""From notes and phonemes to the movements of a singer: tracks of pitch, effort, formants and noise.

Pitch follows Saitou, Goto, Unoki & Akagi (2007), "Speech-to-singing synthesis": note changes overshoot as a
damped second-order system does, vibrato sets in late on long notes, and a fine fluctuation never stops.
"""

from dataclasses import dataclass

import numpy as np
from scipy import signal

from phonemes import CONSONANTS, VOWEL_LEVEL, VOWELS, is_vowel
from score import Line
from singer import FRAME, RATE, Noise, Singer, Tracks

BANDWIDTHS = (85.0, 100.0, 160.0, 250.0, 320.0)
"""Of the first five formants, in Hz (Klatt 1980), a little wider for high voices."""


@dataclass(frozen=True)
class _Segment:
    phoneme: str
    start: float
    end: float
    vowel: str
    """The vowel of its syllable, which colours its formants."""


def _segments(line: Line, onsets: list[float]) -> list[_Segment]:
    """Vowels start on the beat; consonants before them take their time from the note before."""
    spread = [note.phonemes.split() for note in line.notes]
    nuclei = [next(i for i, p in enumerate(row) if is_vowel(p)) for row in spread]
    before = [onset - sum(CONSONANTS[p].seconds for p in row[:n]) for onset, row, n in zip(onsets, spread, nuclei)]
    ends = [*before[1:], line.notes[-1].start + line.notes[-1].duration]
    out = []
    for onset, row, n, start, end in zip(onsets, spread, nuclei, before, ends):
        vowel, t = row[n], start
        for phoneme in row[:n]:
            out.append(_Segment(phoneme, t, t + CONSONANTS[phoneme].seconds, vowel))
            t += CONSONANTS[phoneme].seconds
        coda = end - sum(CONSONANTS[p].seconds for p in row[n + 1 :])
        out.append(_Segment(vowel, onset, coda, vowel))
        for phoneme in row[n + 1 :]:
            out.append(_Segment(phoneme, coda, coda + CONSONANTS[phoneme].seconds, vowel))
            coda += CONSONANTS[phoneme].seconds
    return out


def _smooth(track: np.ndarray, seconds: float) -> np.ndarray:
    """Moving average by a Hann window along the first axis."""
    width = max(3, int(seconds * RATE / FRAME) | 1)
    window = signal.windows.hann(width + 2)[1:-1]
    window /= window.sum()
    padded = np.pad(track, [(width // 2, width // 2)] + [(0, 0)] * (track.ndim - 1), mode="edge")
    return signal.fftconvolve(padded, window.reshape((-1,) + (1,) * (track.ndim - 1)), mode="valid", axes=0)


def _gain(level: np.ndarray | float) -> np.ndarray:
    return 10.0 ** (np.asarray(level) / 20.0)


def _paint(segment: _Segment, time: np.ndarray, t: Tracks) -> None:
    """Writes one segment's targets into the tracks; voice and breath are still in dB."""
    a, b = np.searchsorted(time, (segment.start, segment.end))
    if segment.phoneme in VOWELS:
        first, last = VOWELS[segment.phoneme][0], VOWELS[segment.phoneme][-1]
        # A singer holds the first part of a diphthong and moves in the last quarter second, or third.
        length = segment.end - segment.start
        glide = min(0.26, 0.55 * length)
        ramp = np.clip((time[a:b] - (segment.end - glide)) / (0.85 * glide), 0.0, 1.0)[:, None]
        t.formants[a:, :3] = last
        t.formants[a:b, :3] = np.array(first) * (1.0 - ramp) + np.array(last) * ramp
        t.voice[a:b] = VOWEL_LEVEL.get(segment.phoneme, 0.0)
        return
    c = CONSONANTS[segment.phoneme]
    targets = VOWELS[segment.vowel]
    near = np.array(targets[0])
    if c.formants is not None:
        locus = np.array(c.formants)
        pull = np.array([1.0, c.pull, c.pull])
        near = pull * locus + (1.0 - pull) * near
    t.formants[a:, :3] = near
    t.voice[a:b] = c.voice
    t.breath[a:b] = c.breath
    if c.antiresonance:
        t.zero[a:b], t.zero_depth[a:b] = c.antiresonance, 1.0
    if c.closure:
        release = np.searchsorted(time, segment.start + c.closure)
        t.breath[a:release] = -99.0
        t.voice[release:b] = -99.0 if c.voice < -90 else -6.0
        length = 0.022 if c.voice > -90 else 0.042
        t.noises.append(Noise(c.noise, segment.start + c.closure, length, c.noise_level, 0.0015, length * 0.9))
    elif c.noise:
        length = segment.end - segment.start
        edge = min(0.035, 0.4 * length)
        t.noises.append(Noise(c.noise, segment.start - 0.008, length + 0.014, c.noise_level, edge, edge))


def articulate(lines: tuple[Line, ...], singer: Singer, seconds: float) -> Tracks:
    """Tracks of the whole song for one singer."""
    rng = np.random.default_rng(singer.seed)
    n = int(np.ceil(seconds * RATE / FRAME)) + 1
    time = np.arange(n) * FRAME / RATE
    effort = dict(singer.rd)
    t = Tracks(
        f0=np.full(n, 55.0),
        calm_f0=np.zeros(n),
        voice=np.full(n, -99.0),
        breath=np.full(n, -99.0),
        rd=np.full(n, 1.2),
        formants=np.tile([600.0, 1200.0, 2450.0, 3400.0, 4450.0], (n, 1)),
        bandwidths=np.tile(BANDWIDTHS, (n, 1)),
        zero=np.full(n, 1200.0),
        zero_depth=np.zeros(n),
    )
    dynamics = np.zeros(n)
    vibrato = np.zeros(n)
    phase = 2 * np.pi * np.cumsum(singer.vibrato_hertz + 0.35 * _slow(rng, n, 1.0)) * FRAME / RATE
    ringing = signal.bilinear([34.8**2], [1.0, 2 * 0.5422 * 34.8, 34.8**2], RATE / FRAME)
    for line in lines:
        notes = line.notes
        onsets = [
            note.start + 0.004 + singer.looseness * float(np.clip(rng.standard_normal(), -2, 2)) for note in notes
        ]
        segments = _segments(line, onsets)
        begin, end = segments[0].start, segments[-1].end
        t.rd[np.searchsorted(time, begin - 0.3) :] = effort[line.section]
        for segment in segments:
            _paint(segment, time, t)
        a, b = np.searchsorted(time, (begin - 0.1, end + 0.2))
        pitches = [(note.harmony if singer.second_voice else note.midi) for note in notes]
        low = pitches[0] - 1.4  # phrases are scooped into from below
        steps = np.full(b - a, low)
        for pitch, onset, note in zip(pitches, onsets, notes):
            i = np.searchsorted(time, onset - 0.055)
            steps[max(0, i - a) :] = pitch
            j, k = np.searchsorted(time, (onset, onset + note.duration))
            held = time[j:k] - onset
            on_beat = round(note.start / 0.3) % 4 == 0
            dynamics[j:k] = (
                0.7 * on_beat + 0.12 * (pitch - 59) + 1.2 * np.sin(np.pi * held / note.duration) * (note.duration > 0.7)
            )
            if note.duration > 0.55:
                vibrato[j:k] = np.clip((held - 0.24) / 0.40, 0.0, 1.0) * min(1.0, note.duration)
        curve = low + signal.lfilter(*ringing, steps - low)
        curve -= 0.5 * np.clip((time[a:b] - (end - 0.09)) / 0.15, 0.0, 1.0)
        t.f0[a:] = curve[-1]
        t.f0[a:b] = curve
        # The end of a phrase dies away and lets more air through.
        away = np.clip((time[a:b] - (end - 0.30)) / 0.34, 0.0, 1.0)
        dynamics[a:b] -= 26.0 * away**2.5
        t.rd[a:b] += 0.9 * away
        attack = np.clip(1.0 - (time[a:b] - begin) / 0.14, 0.0, 1.0)
        dynamics[a:b] -= 4.0 * attack
        t.rd[a:b] += 0.4 * attack
        t.noises.append(Noise("inhale", begin - 0.40, 0.33, -37.0, 0.20, 0.10))
    _finish(t, singer, rng, dynamics, vibrato, phase)
    return t


def _slow(rng: np.random.Generator, n: int, hertz: float) -> np.ndarray:
    """Noise of unit variance with nothing above about `hertz`."""
    b, a = signal.butter(2, hertz / (0.5 * RATE / FRAME))
    noise = signal.lfilter(b, a, rng.standard_normal(n + 2000))[2000:]
    return noise / noise.std()


def _finish(t: Tracks, singer: Singer, rng, dynamics: np.ndarray, vibrato: np.ndarray, phase: np.ndarray) -> None:
    """Turns painted targets into smooth movements and adds what is never still in a voice."""
    n = len(t.f0)
    calm = t.f0 + singer.cents / 100.0
    moving = calm + singer.vibrato_semitones * _smooth(vibrato, 0.08) * np.sin(phase)
    moving += 0.05 * _slow(rng, n, 2.5) + 0.03 * _slow(rng, n, 10.0) + 0.05 * rng.standard_normal(n)
    t.calm_f0 = 440.0 * 2.0 ** ((calm - 69.0) / 12.0)
    t.f0 = 440.0 * 2.0 ** ((moving - 69.0) / 12.0)
    effort = _gain(_smooth(dynamics, 0.05) + 0.8 * np.sin(phase + 0.6) * vibrato + 0.25 * _slow(rng, n, 12.0))
    shimmer = 1.0 + 0.02 * rng.standard_normal(n)
    voiced = _smooth(_gain(t.voice), 0.030)
    # Air always escapes along with the voice, more of it when the pulse is soft.
    leak = _gain(-28.0 + 9.0 * (_smooth(t.rd, 0.06) - 1.0)) * voiced
    t.breath = (_smooth(_gain(t.breath), 0.018) + leak) * effort
    t.voice = voiced * effort * shimmer
    t.rd = np.clip(_smooth(t.rd, 0.06) - 0.035 * dynamics.clip(-8, 4) + 0.03 * _slow(rng, n, 8.0), 0.55, 2.6)
    t.formants[:, 0] = _smooth(t.formants[:, 0], 0.045)
    t.formants[:, 1:] = _smooth(t.formants[:, 1:], 0.065)
    t.formants *= singer.tract * (1.0 + 0.006 * np.stack([_slow(rng, n, 4.0) for _ in range(5)], axis=1))
    # At high notes singers open the mouth until the first formant is not below the pitch (Sundberg 1987).
    t.formants[:, 0] = np.maximum(t.formants[:, 0], 1.02 * t.calm_f0)
    t.zero_depth = _smooth(t.zero_depth, 0.022)
    t.zero = _smooth(t.zero, 0.03)
    t.bandwidths[:, 0] += 70.0 * t.zero_depth + 35.0 * (t.rd - 1.0).clip(0.0)
    t.bandwidths[:, 1] += 60.0 * t.zero_depth
