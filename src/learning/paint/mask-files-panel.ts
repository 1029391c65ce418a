import { safeFileName } from '../../audio/encode/file-names.ts';
import type { Scope } from '../../core/scope.ts';
import { ExportClient } from '../../player/export/export-client.ts';
import { exportFileName } from '../../player/export/export-request.ts';
import { PRESETS } from '../../player/mix-state.ts';
import { AS_RECORDED } from '../../player/rate-and-key.ts';
import type { RenderMaskedClient } from '../../separation/render-masked-client.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { handOver } from '../../ui/player/save-target.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { bindState } from '../widgets/bind-state.ts';
import { fileButton, textButton } from '../widgets/buttons.ts';
import { MaskFilesState, type SavedStem } from './mask-files-state.ts';

/** Buttons that save the painted sound and the mask, and load an image as a mask. */
export function maskFilesPanel(
  scope: Scope,
  context: LearningContext,
  edit: MaskEdit,
  client: RenderMaskedClient,
): HTMLElement {
  const { texts, song, notices } = context;
  const exporter = new ExportClient(() => ({ store: song.store, file: undefined }));
  scope.add(() => exporter.dispose());
  const state = new MaskFilesState({
    edit,
    complete: () => song.store.complete,
    encode: (stem) => encode(exporter, song.baseName, stem),
    toPng: (cells, size) => client.toPng(cells, size),
    fromPng: (png, size) => client.fromPng(png, size),
    maskName: safeFileName(song.baseName, ' (Mask)', 'png'),
    save: (file, name) => handOver(scope, file, name),
    onError: (error) => !scope.disposed && notices.thrown(error),
  });
  const button = (
    id: string,
    label: 'paint.saveVocals' | 'paint.saveAccompaniment' | 'paint.saveMask',
    save: () => void,
  ) => textButton(scope, texts, { id, label, class: 'small', onClick: save });
  const load = fileButton(scope, texts, {
    id: 'paint-load-mask',
    inputId: 'paint-png',
    label: 'paint.loadMask',
    class: 'small',
    accept: 'image/png',
    onFile: (file) => void state.loadMask(file),
  });
  const note = h('p', { class: 'paint-note' });
  const status = h('p', { class: 'learn-reading', role: 'status' });
  bindState(scope, texts, state, () => {
    const { frames, bins } = edit.size;
    setText(note, texts.t('paint.filesNote', { frames, bins }));
    const { kind, ...values } = state.status;
    setText(status, kind === 'idle' ? '' : texts.t(`paint.${kind}`, values));
  });
  return h(
    'div',
    { class: 'paint-files' },
    h(
      'div',
      { class: 'paint-buttons' },
      button('paint-save-vocals', 'paint.saveVocals', () => void state.saveStem('vocals')),
      button('paint-save-accompaniment', 'paint.saveAccompaniment', () => void state.saveStem('accompaniment')),
      button('paint-save-mask', 'paint.saveMask', () => void state.saveMask()),
      ...load,
    ),
    note,
    status,
  );
}

async function encode(exporter: ExportClient, song: string, kind: SavedStem) {
  const mix = { levels: PRESETS[kind], rateAndKey: AS_RECORDED, loop: undefined };
  const request = { kind, format: 'wav24', name: song, mix } as const;
  const outcome = await exporter.run(request, undefined, () => undefined);
  if (outcome.kind === 'failed') throw outcome.error;
  return outcome.kind === 'done' && outcome.file ? { file: outcome.file, name: exportFileName(request) } : undefined;
}
