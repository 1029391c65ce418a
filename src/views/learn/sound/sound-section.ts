import { sampleCount } from '../../../audio/audio-data.ts';
import type { Scope } from '../../../scope.ts';
import { magma } from '../../colour-maps.ts';
import { h, setText } from '../../dom.ts';
import { frequencyAxis } from '../../frequency-axis.ts';
import { CellPicture } from '../cell-picture.ts';
import type { LearnContext } from '../context.ts';
import { PictureLink } from '../picture-link.ts';
import { monoPiece, pieceAt } from '../piece.ts';

const PIECE_SECONDS = 6;

/** Sound is an image: waveform, frames, spectrum, spectrogram. */
export function mount(scope: Scope, { texts, song, lab, notices }: LearnContext): HTMLElement {
  const { original } = song.store;
  const { sampleRate } = original;
  const text = h('p');
  const piece = pieceAt(sampleCount(original), sampleRate, song.player.position, PIECE_SECONDS);
  const link = new PictureLink((piece.end - piece.start) / sampleRate);
  const picture = new CellPicture(scope, link);
  const [windowLength, hop] = [2048, 512];
  void lab.ask
    .spectrogram({ samples: monoPiece(original, piece), windowLength, hop })
    .then(({ frames, bins, levels }) => {
      if (scope.disposed) return;
      const cells = { frames, bins, values: levels, firstBinHz: 0, binHz: sampleRate / windowLength };
      picture.show({ ...cells, frameSeconds: hop / sampleRate }, magma, frequencyAxis('mel', sampleRate / 2));
    })
    .catch((error: unknown) => notices.thrown(error));
  texts.bind(scope, () => {
    setText(text, texts.t('sound.p1'));
    picture.describe('', texts.t('sound.picture'));
  });
  return h('div', {}, text, picture.element);
}
