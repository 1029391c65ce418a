import { ParameterError } from '../errors.ts';

/**
 * For every frame, bin by bin, the median over the frames most like it: `librosa.decompose.nn_filter` with
 * `aggregate=np.median, metric='cosine', mode='distance', width=width` and its default number of neighbours,
 * 2·⌈√(frames − 2·width + 1)⌉. (With its default mode librosa 0.10 takes the first of the candidates, not the nearest.)
 * A frame that has no other frame far enough away stays as it is.
 *
 * @param features frames × any number of values, ≥ 0, by which frames are compared
 * @param channels frames × bins each, of which the medians are taken
 * @param frames how many
 * @param width frames nearer to a frame than this, itself included, are not its neighbours, ≥ 1
 * @returns as `channels`
 * @throws ParameterError when shapes differ
 */
export function nonLocalMedian(
  features: Float32Array,
  channels: readonly Float32Array[],
  frames: number,
  width: number,
): Float32Array[] {
  const size = features.length / frames;
  const bins = channels[0].length / frames;
  const whole = [size, bins].every((count) => Number.isInteger(count) && count > 0);
  if (!whole || channels.some((channel) => channel.length !== channels[0].length) || !(width >= 1)) {
    throw new ParameterError(
      `${features.length} features and channels of ${channels.map((c) => c.length).join(', ')} values do not make ${frames} frames.`,
      'Give whole frames, as many in each channel, and a width of 1 or more.',
    );
  }
  const count = 2 * Math.ceil(Math.sqrt(Math.max(0, frames - 2 * width + 1)));
  const units = unitFrames(features, size);
  const out = channels.map((channel) => channel.slice());
  const similarity = new Float32Array(frames);
  const values = new Float32Array(count);
  for (let frame = 0; frame < frames; frame++) {
    const nearest = neighbours(units, size, frame, width, count, similarity);
    if (nearest.length === 0) continue;
    channels.forEach((channel, c) => {
      for (let bin = 0; bin < bins; bin++) {
        for (let n = 0; n < nearest.length; n++) values[n] = channel[nearest[n] * bins + bin];
        out[c][frame * bins + bin] = medianOf(values.subarray(0, nearest.length));
      }
    });
  }
  return out;
}

/** Each frame divided by its length, so that a scalar product is a cosine; a silent one stays zero. */
function unitFrames(features: Float32Array, size: number): Float32Array {
  const units = new Float32Array(features.length);
  for (let at = 0; at < features.length; at += size) {
    let sum = 0;
    for (let i = at; i < at + size; i++) sum += features[i] * features[i];
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = at; i < at + size; i++) units[i] = features[i] * scale;
  }
  return units;
}

/** The `count` frames most like one, or as many as there are at `width` frames or more from it. */
function neighbours(
  units: Float32Array,
  size: number,
  frame: number,
  width: number,
  count: number,
  similarity: Float32Array,
): number[] {
  const candidates: number[] = [];
  for (let other = 0; other < similarity.length; other++) {
    if (Math.abs(other - frame) < width) continue;
    candidates.push(other);
    similarity[other] = product(units, frame * size, other * size, size);
  }
  if (candidates.length <= count) return candidates;
  // Everything above the value of rank `count`, and what equals it until they are enough.
  const sorted = Float32Array.from(candidates, (other) => similarity[other]).sort();
  const least = sorted[sorted.length - count];
  const above = candidates.filter((other) => similarity[other] > least);
  const equal = candidates.filter((other) => similarity[other] === least);
  return [...above, ...equal.slice(0, count - above.length)];
}

function product(values: Float32Array, a: number, b: number, length: number): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < length; i += 2) {
    even += values[a + i] * values[b + i];
    odd += values[a + i + 1] * values[b + i + 1];
  }
  return even + odd + (length % 2 ? values[a + length - 1] * values[b + length - 1] : 0);
}

/** Changes the order of its argument. Hoare's selection: in time that grows with the length alone, unlike sorting. */
function medianOf(values: Float32Array): number {
  const half = values.length >> 1;
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1];
    let low = from;
    let high = to;
    while (low <= high) {
      while (values[low] < pivot) low++;
      while (values[high] > pivot) high--;
      if (low > high) break;
      const value = values[low];
      values[low++] = values[high];
      values[high--] = value;
    }
    if (half <= high) to = high;
    else if (half >= low) from = low;
    else break;
  }
  if (values.length % 2) return values[half];
  // Everything before the middle is no greater: the other middle value is the greatest of it.
  let below = values[0];
  for (let n = 1; n < half; n++) if (values[n] > below) below = values[n];
  return (below + values[half]) / 2;
}
