import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongController } from '../../songs/song-controller.ts';
import type { SongNotice } from '../../songs/song-events.ts';
import type { Notices } from '../shell/notices.ts';

/** Says what the songs have to tell beside their state. */
export function songNotices(scope: Scope, i18n: I18n, songs: SongController, notices: Notices): void {
  scope.add(songs.on('attempt', () => notices.clearErrors()));
  scope.add(songs.on('notice', (notice) => tell(notice, i18n, notices)));
}

function tell(notice: SongNotice, i18n: I18n, notices: Notices): void {
  if (notice.kind === 'error') notices.thrown(notice.error);
  else if (notice.kind === 'failed')
    notices.thrown(notice.error, () => (notice.otherOpen ? i18n.t('notice.kept') : ''));
  else if (notice.kind === 'archive-full' || notice.kind === 'painting-not-kept') {
    const [message, hint] =
      notice.kind === 'archive-full'
        ? (['songs.full', 'songs.fullHint'] as const)
        : (['painting.full', 'painting.fullHint'] as const);
    notices.error(
      () => i18n.t(message, { name: notice.name }),
      () => i18n.t(hint),
    );
  } else notices.note(() => noteText(notice, i18n));
}

type Note = Exclude<SongNotice, { kind: 'error' | 'failed' | 'archive-full' | 'painting-not-kept' }>;

function noteText(note: Note, i18n: I18n): string {
  switch (note.kind) {
    case 'pending-full':
      return i18n.t('pending.full', { name: note.name });
    case 'there':
      return i18n.t(note.kept ? 'songs.thereKept' : 'songs.there', { name: note.name });
    case 'there-many':
      return i18n.t('songs.thereMany', { count: note.count });
    case 'elsewhere':
      return i18n.t('pending.elsewhereNote', { name: note.name });
    case 'very-long':
      return i18n.t('long.warning', { hours: note.hours });
    case 'decoded':
      return i18n.message(note.note);
  }
}
