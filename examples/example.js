// Uses only the built package: `npm run example` builds it and opens this page.
import { createSeparator, encodeWav } from '../dist-lib/unsung.js';

const byId = (id) => document.getElementById(id);
const [file, cancel, progress, status, list] = ['file', 'cancel', 'progress', 'status', 'stems'].map(byId);
const separator = createSeparator({
  model: '../models/paper/',
  backend: new URLSearchParams(location.search).get('backend') ?? undefined,
});
let job;

file.addEventListener('change', async () => {
  const [song] = file.files;
  if (!song) return;
  job?.abort();
  job = new AbortController();
  const { signal } = job;
  list.replaceChildren();
  progress.value = 0;
  progress.hidden = cancel.hidden = false;
  status.textContent = 'Separating…';
  try {
    const stems = await separator.separate(song, {
      signal,
      onProgress: ({ doneSeconds, totalSeconds }) => {
        progress.value = doneSeconds / totalSeconds;
      },
    });
    for (const name of ['vocals', 'accompaniment']) list.append(entry(name, song.name, stems));
    status.textContent = 'Done.';
  } catch (error) {
    if (job.signal !== signal) return;
    status.textContent = signal.aborted ? 'Cancelled.' : `${error.message} ${error.hint ?? ''}`;
  } finally {
    if (job.signal === signal) progress.hidden = cancel.hidden = true;
  }
});

cancel.addEventListener('click', () => job?.abort());

/** A stem to hear and to save. */
function entry(name, songName, stems) {
  const wav = new Blob(encodeWav({ sampleRate: stems.sampleRate, channels: stems[name] }, '32f'), {
    type: 'audio/wav',
  });
  const url = URL.createObjectURL(wav);
  const link = Object.assign(document.createElement('a'), { href: url, textContent: name });
  link.download = `${songName.replace(/\.[^.]*$/, '')} (${name}).wav`;
  const audio = Object.assign(document.createElement('audio'), { src: url, controls: true });
  const item = document.createElement('li');
  item.append(link, audio);
  return item;
}
