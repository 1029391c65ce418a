import { megabytes } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { BatchExport, BatchExportState } from '../../songs/batch-export.ts';
import type { Notices } from '../shell/notices.ts';

/** How saving several songs stands, in a sentence or more. */
export function batchExportText(state: BatchExportState, i18n: I18n): string {
  const t = i18n.t.bind(i18n);
  switch (state.kind) {
    case 'idle':
      return '';
    case 'saving': {
      if (!state.song) return '';
      const { name, place, count } = state.song;
      return t('batch.working', { name, place: place + 1, count });
    }
    case 'cancelled':
      return t('save.cancelled');
    case 'failed':
      return t('save.failed');
    case 'saved': {
      const { fileName: name, bytes, count, unreadable, quieter } = state;
      const namesOf = (names: readonly string[]) =>
        new Intl.ListFormat(i18n.language).format(names.map((song) => t('batch.named', { name: song })));
      return [
        t('batch.done', { name, size: megabytes(bytes), count }),
        unreadable.length > 0 ? t('batch.unreadable', { names: namesOf(unreadable) }) : '',
        quieter.length > 0 ? t('batch.quieter', { names: namesOf(quieter) }) : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' ');
    }
  }
}

/** Says what stands in the way of saving several songs. */
export function batchExportNotices(scope: Scope, i18n: I18n, batch: BatchExport, notices: Notices): void {
  scope.add(batch.on('error', (error) => notices.thrown(error)));
  scope.add(
    batch.on('change', () => {
      if (batch.state.kind === 'failed') notices.thrown(batch.state.error, () => i18n.t('save.songKept'));
    }),
  );
}
