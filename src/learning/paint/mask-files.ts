import { safeFileName } from '../../audio/encode/file-names.ts';
import type { Scope } from '../../core/scope.ts';
import { ExportClient } from '../../player/export/export-client.ts';
import { exportFileName } from '../../player/export/export-order.ts';
import { PRESETS } from '../../player/mix-state.ts';
import { AS_RECORDED } from '../../player/rate-and-key.ts';
import type { RenderMaskedClient } from '../../separation/render-masked-client.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { handOver } from '../../ui/player/save-target.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { textButton } from './paint-tools.ts';

/** Saves the painted sound and the mask, and takes a picture as a mask. */
export function maskFiles(
  scope: Scope,
  { texts, song, notices }: LearningContext,
  edit: MaskEdit,
  client: RenderMaskedClient,
): HTMLElement {
  const exporter = new ExportClient({ store: song.store, file: undefined });
  scope.add(() => exporter.dispose());
  const said = h('p', { class: 'learn-reading', role: 'status' });
  let sentence = () => '';
  const say = (next: () => string) => {
    sentence = next;
    setText(said, sentence());
  };
  texts.bind(scope, () => setText(said, sentence()));
  let busy = false;
  const once = async (act: () => Promise<void>) => {
    if (busy) return;
    busy = true;
    try {
      await act();
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
    } finally {
      busy = false;
    }
  };
  const give = (file: Blob, name: string) => {
    handOver(scope, file, name);
    say(() => texts.t('paint.saved', { name }));
  };

  const saveSound = (kind: 'vocals' | 'accompaniment') =>
    once(async () => {
      if (!song.store.complete) return say(() => texts.t('paint.notComplete'));
      const mix = { levels: PRESETS[kind], rateAndKey: AS_RECORDED, loop: undefined };
      const order = { kind, format: 'wav24', name: song.name, mix } as const;
      say(() => texts.t('paint.saving'));
      const outcome = await exporter.run(order, undefined, () => undefined);
      if (outcome.kind === 'failed') notices.thrown(outcome.error);
      if (outcome.kind === 'done' && outcome.file) give(outcome.file, exportFileName(order));
    });

  const saveMask = () =>
    once(async () => {
      const { frames, bins } = edit.size;
      const cells = new Uint16Array(frames * bins);
      for (let frame = 0; frame < frames; frame++) cells.set(edit.row(frame), frame * bins);
      const png = await client.toPng(cells, { frames, bins });
      give(new Blob([png], { type: 'image/png' }), safeFileName(song.name, ' (Mask)', 'png'));
    });

  const chooser = h('input', { type: 'file', accept: 'image/png', id: 'paint-png', hidden: true });
  scope.listen(chooser, 'change', () => {
    const file = chooser.files?.[0];
    chooser.value = '';
    if (!file) return;
    void once(async () => {
      const { frames, bins } = edit.size;
      edit.load(await client.fromPng(new Uint8Array(await file.arrayBuffer()), { frames, bins }));
      say(() => texts.t('paint.loaded', { name: file.name }));
    });
  });

  const note = h('p', { class: 'paint-note' });
  texts.bind(scope, () =>
    setText(note, texts.t('paint.filesNote', { frames: edit.size.frames, bins: edit.size.bins })),
  );
  return h(
    'div',
    { class: 'paint-files' },
    h(
      'div',
      { class: 'paint-buttons' },
      textButton(scope, texts, 'paint-save-vocals', 'paint.saveVocals', () => void saveSound('vocals')),
      textButton(
        scope,
        texts,
        'paint-save-accompaniment',
        'paint.saveAccompaniment',
        () => void saveSound('accompaniment'),
      ),
      textButton(scope, texts, 'paint-save-mask', 'paint.saveMask', () => void saveMask()),
      textButton(scope, texts, 'paint-load-mask', 'paint.loadMask', () => chooser.click()),
      chooser,
    ),
    note,
    said,
  );
}
