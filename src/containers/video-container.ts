import { BlobSource, Input, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny';
import type { VideoContainer } from './file-types.ts';

const CONTAINERS = new Map<unknown, VideoContainer>([
  [MP4, 'mp4'],
  [QTFF, 'mov'],
  [MATROSKA, 'mkv'],
  [WEBM, 'webm'],
]);

/** The container of a file with a moving picture; undefined: the file has none. Never throws. */
export async function videoContainer(file: Blob): Promise<VideoContainer | undefined> {
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const container = CONTAINERS.get(await input.getFormat());
    return (await input.getPrimaryVideoTrack()) ? container : undefined;
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}
