import { readFile } from 'node:fs/promises';
import { BlobSource, Input, MP4, QTFF } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { memorySink } from '../../src/audio/encode/byte-sink.ts';
import { BlobReader } from '../../src/containers/blob-reader.ts';
import { videoTarget } from '../../src/containers/file-types.ts';
import { boxAt, dataAt } from '../../src/containers/isobmff/boxes.ts';
import { chunksOf } from '../../src/containers/isobmff/chunks.ts';
import { handlerOf } from '../../src/containers/isobmff/headers.ts';
import { readHead, tracksOf } from '../../src/containers/isobmff/read-head.ts';
import { clusterElements, readSegment } from '../../src/containers/matroska/segment.ts';
import { replaceSound } from '../../src/containers/replace-sound.ts';
import { videoContainer } from '../../src/containers/video-container.ts';
import { find, ID, numberIn, parseElements } from '../../src/core/ebml.ts';
import { ExportError } from '../../src/core/errors.ts';
import {
  bytesOf,
  md5,
  reference,
  SHAPE,
  SINES,
  sines,
  soundFile,
  tracksIn,
  VIDEOS,
  video,
  withSines,
} from './videos.ts';

const signal = new AbortController().signal;

describe.each(VIDEOS)('a copy of %s with another sound', (name) => {
  test('has the pictures byte for byte, at their times', async () => {
    const { result } = await withSines(name);
    const pictures = (await tracksIn(result)).filter(({ kind }) => kind === 'video');
    const expected = (await reference(name)).filter(({ kind }) => kind === 'video');
    expect(pictures.map(({ packets }) => packets.map((packet) => packet.md5))).toEqual(
      expected.map(({ packets }) => packets.map((packet) => packet.md5)),
    );
    for (const [index, packet] of pictures[0].packets.entries()) {
      // FFmpeg prints microseconds.
      expect(packet.seconds).toBeCloseTo(expected[0].packets[index].seconds, 5);
    }
  });

  test('has the packets of the new sound and no other, from time 0 to its end', async () => {
    const { result, sound } = await withSines(name);
    const sounds = (await tracksIn(result)).filter(({ kind }) => kind === 'audio');
    const [given] = await tracksIn(sound);
    expect(sounds.length).toBe(1);
    const { codec, packets } = sounds[0];
    expect(codec).toBe(given.codec);
    expect(packets.map((packet) => packet.md5)).toEqual(given.packets.map((packet) => packet.md5));
    // Matroska counts in milliseconds; MP4 counts samples.
    const tick = codec === 'flac' ? 0.0005 : 1e-6;
    for (const [index, { seconds }] of packets.entries()) {
      expect(Math.abs(seconds - given.packets[index].seconds)).toBeLessThanOrEqual(tick);
    }
  });
});

describe('replaceSound', () => {
  test.each(['two-sounds.mp4', 'turned.mov', 'fragments.mp4'])(
    'gives %s a sound that decodes to the given samples',
    async (name) => {
      const { result } = await withSines(name);
      const { sampleRate, channels } = await decodeInNode(await bytesOf(result), name);
      expect(sampleRate).toBe(SHAPE.sampleRate);
      for (const [c, sine] of SINES.entries()) {
        // The codec needs a few samples at the ends.
        const errors = sine.slice(2000, -2000).map((value, i) => channels[c][2000 + i] - value);
        const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
        // 30 dB below the sines, whose level is 0.35.
        expect(rms).toBeLessThan(0.0112);
      }
    },
  );

  test.each(['two-sounds.mkv', 'plain.webm'])(
    'gives %s a sound that decodes to just the given samples',
    async (name) => {
      const { result } = await withSines(name);
      const { channels } = await decodeInNode(await bytesOf(result), 'video.mkv');
      expect(channels.map((channel) => channel.length)).toEqual([SHAPE.samples, SHAPE.samples]);
      // FLAC has 24 bits.
      for (const [c, sine] of SINES.entries()) {
        const largest = sine.reduce((worst, value, i) => Math.max(worst, Math.abs(channels[c][i] - value)), 0);
        expect(largest).toBeLessThan(2 ** -23);
      }
    },
  );

  test('keeps the subtitles, the chapters and their references in MP4', async () => {
    const { source, result } = await withSines('two-sounds.mp4');
    const before = await readHead(source);
    const after = await readHead(result);
    if (!before || !after) throw new Error('There is no moov.');
    expect(tracksOf(after).map(handlerOf)).toEqual(['vide', 'soun', 'sbtl', 'text']);
    // The list of chapters and the tags, and the picture's reference to the track of chapters.
    expect(dataAt(after.moov, 'udta')).toEqual(dataAt(before.moov, 'udta'));
    expect(boxAt(tracksOf(after)[0], 'tref')).toEqual(boxAt(tracksOf(before)[0], 'tref'));
    expect(boxAt(tracksOf(after)[0], 'edts')).toEqual(boxAt(tracksOf(before)[0], 'edts'));
    const [subtitles, chapters] = await Promise.all(
      tracksOf(after)
        .slice(2)
        .map(async (trak) => {
          const chunks = [];
          for (const { start, bytes } of chunksOf(trak)) chunks.push(await bytesOf(result.slice(start, start + bytes)));
          return Buffer.concat(chunks);
        }),
    );
    const expected = (await reference('two-sounds.mp4')).find(({ kind }) => kind === 'subtitle');
    // The empty line of two bytes that ends the second one is no packet to FFmpeg.
    expect(md5(subtitles.subarray(0, -2))).toBe(expected?.md5);
    // FFmpeg reads the track of chapters as chapters, so it has no packets to compare.
    for (const title of ['Verse', 'Chorus']) expect(chapters.toString('latin1')).toContain(title);
  });

  test('keeps the subtitles, the chapters and the attachments in Matroska', async () => {
    const { source, result } = await withSines('two-sounds.mkv');
    const before = await readSegment(new BlobReader(source));
    const reader = new BlobReader(result);
    const after = await readSegment(reader);
    if (!before || !after) throw new Error('There is no segment.');
    for (const id of [ID.Chapters, ID.Attachments]) expect(after.elements.get(id)).toEqual(before.elements.get(id));
    const lines: { md5: string; seconds: number }[] = [];
    let cluster = 0;
    for await (const { id, start, end } of clusterElements(reader, after)) {
      const data = (await reader.read(start, end)).slice();
      if (id === ID.Timestamp) cluster = numberIn([{ id, data }], id);
      const block = id === ID.BlockGroup ? find(parseElements(data), ID.Block)?.data : undefined;
      // The fourth track, with a number of one byte.
      if (block?.[0] !== 0x84) continue;
      lines.push({ md5: md5(block.subarray(4)), seconds: (cluster + Buffer.from(block).readInt16BE(1)) / 1000 });
    }
    const expected = (await reference('two-sounds.mkv')).filter(({ kind }) => kind === 'subtitle');
    expect(lines).toEqual(expected[0].packets);
  });

  test('replaces the default sound or the chosen one, and keeps its language', async () => {
    const languageOf = async (name: string, track?: number) => {
      const { result } = await withSines(name, track);
      return (await tracksIn(result)).find(({ kind }) => kind === 'audio')?.language;
    };
    expect(await languageOf('two-sounds.mp4')).toBe('deu');
    expect(await languageOf('two-sounds.mp4', 2)).toBe('fra');
    expect(await languageOf('two-sounds.mkv')).toBe('fra');
    expect(await languageOf('two-sounds.mkv', 1)).toBe('deu');
  });

  test('keeps the rotation and the colours of the picture', async () => {
    // FFmpeg counts anticlockwise: its 90 degrees are 270 clockwise.
    const turned = new Input({ source: new BlobSource((await withSines('turned.mov')).result), formats: [QTFF] });
    expect(await (await turned.getPrimaryVideoTrack())?.getRotation()).toBe(270);
    const coloured = new Input({ source: new BlobSource((await withSines('two-sounds.mp4')).result), formats: [MP4] });
    expect(await (await coloured.getPrimaryVideoTrack())?.getColorSpace()).toMatchObject({ primaries: 'bt709' });
  });

  test('begins the sound of a part of a longer recording with its picture', async () => {
    const { result } = await withSines('part.mkv');
    const [picture, sound] = await tracksIn(result);
    expect(picture.packets[0].seconds).toBeCloseTo(3600, 0);
    expect(sound.packets[0].seconds).toBeCloseTo((await tracksIn(await video('part.mkv')))[1].packets[0].seconds, 3);
  });

  test('puts the description in front of the samples', async () => {
    const bytes = await bytesOf((await withSines('two-sounds.mp4')).result);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  test('states the duration, the places to seek to and the size of a recording that had none', async () => {
    const { result } = await withSines('live.webm');
    const segment = await readSegment(new BlobReader(result));
    const elements = (id: number) => parseElements(segment?.elements.get(id)?.[0].data ?? new Uint8Array(0));
    const duration = find(elements(ID.Info), ID.Duration)?.data;
    expect(duration && Buffer.from(duration).readDoubleBE(0)).toBeCloseTo(2007, -1);
    const cues = elements(ID.Cues).map(({ data }) => numberIn(parseElements(data), ID.CueTime));
    expect(cues.length).toBeGreaterThan(1);
    expect(segment?.end).toBe(result.size);
  });

  test('writes Opus into WebM with its delay, and drops the samples after its end', async () => {
    const source = await video('plain.webm');
    const opus = new Blob([await readFile(new URL('../fixtures/audio/opus.opus', import.meta.url))]);
    const sink = memorySink();
    const shape = { sampleRate: 48_000, channels: 2, samples: 9600 };
    await replaceSound(sink, { video: source, sound: opus, shape, container: 'webm', format: 'opus' }, signal);
    const result = new Blob(sink.pieces());
    expect(await videoContainer(result)).toBe('webm');
    const reader = new BlobReader(result);
    const segment = await readSegment(reader);
    if (!segment) throw new Error('There is no segment.');
    const entries = parseElements(segment.elements.get(ID.Tracks)?.[0].data ?? new Uint8Array(0));
    const sound = parseElements(entries[1].data);
    // The pre-skip of libopus, 312 samples (RFC 7845, 5.1), in nanoseconds.
    expect(numberIn(sound, ID.CodecDelay)).toBe(6_500_000);
    let padding = 0n;
    for await (const { id, start, end } of clusterElements(reader, segment)) {
      if (id !== ID.BlockGroup) continue;
      const found = find(parseElements(await reader.read(start, end)), ID.DiscardPadding)?.data;
      if (found) padding = Buffer.from(found).readBigInt64BE(0);
    }
    // 11 packets of 960 samples hold the delay and 9600 samples.
    expect(Number(padding)).toBe(Math.round(((11 * 960 - 312 - 9600) * 1e9) / 48_000));
  });

  test('writes PCM where FLAC does not know the sample rate', async () => {
    const shape = { sampleRate: 11_025, channels: 1, samples: 11_025 };
    const target = await videoTarget('mkv', shape);
    expect(target).toEqual({ container: 'mkv', format: 'wav24' });
    const sound = await soundFile('wav24', shape, [SINES[0].subarray(0, shape.samples)]);
    const sink = memorySink();
    await replaceSound(sink, { video: await video('two-sounds.mkv'), sound, shape, ...target }, signal);
    const track = (await tracksIn(new Blob(sink.pieces()))).find(({ kind }) => kind === 'audio');
    expect(track?.codec).toBe('pcm-s24');
    expect(track?.packets.map((packet) => packet.md5)).toEqual(
      (await tracksIn(sound))[0].packets.map((packet) => packet.md5),
    );
  });

  test('copies what there is of a video that breaks off', async () => {
    const source = await video('turned.mov');
    const cut = source.slice(0, source.size - 3000);
    const sink = memorySink();
    const sound = await sines('m4a');
    await replaceSound(sink, { video: cut, sound, shape: SHAPE, container: 'mov', format: 'm4a' }, signal);
    const [pictures] = await tracksIn(new Blob(sink.pieces()));
    const [expected] = await reference('turned.mov');
    expect(pictures.packets.length).toBe(expected.packets.length);
    expect(pictures.packets[0].md5).toBe(expected.packets[0].md5);
  });

  test('fails with a sentence for a file that is no video, and aborts the sink', async () => {
    const noise = new Blob([Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)]);
    for (const container of ['mp4', 'mkv'] as const) {
      let aborted = false;
      const abort = async () => {
        aborted = true;
      };
      const sink = { ...memorySink(), abort };
      const target = await videoTarget(container, SHAPE);
      const sound = await sines(target.format);
      const failed = replaceSound(sink, { video: noise, sound, shape: SHAPE, ...target }, signal);
      await expect(failed).rejects.toBeInstanceOf(ExportError);
      expect(aborted).toBe(true);
    }
  });

  test('ends with the signal', async () => {
    for (const name of ['two-sounds.mp4', 'fragments.mp4', 'two-sounds.mkv']) {
      const source = await video(name);
      const target = await videoTarget(name.endsWith('mkv') ? 'mkv' : 'mp4', SHAPE);
      const sound = await sines(target.format);
      const options = { video: source, sound, shape: SHAPE, ...target };
      const stopped = replaceSound(memorySink(), options, AbortSignal.abort(new Error('stop')));
      await expect(stopped).rejects.toThrow('stop');
    }
  });
});

describe('videoContainer', () => {
  test('is told for files with a moving picture', async () => {
    const containers = await Promise.all(VIDEOS.map(async (name) => videoContainer(await video(name))));
    expect(containers).toEqual(['mp4', 'mov', 'mp4', 'mkv', 'webm', 'webm']);
  });

  test('is undefined for sound and for anything else', async () => {
    const sound = new Blob([await readFile(new URL('../fixtures/audio/mono.m4a', import.meta.url))]);
    expect(await videoContainer(sound)).toBeUndefined();
    expect(await videoContainer(new Blob(['not a video']))).toBeUndefined();
  });
});
