import { AUDIO_ENDINGS, VIDEO_ENDINGS } from '../../audio/file-endings.ts';
import type { Scope } from '../../core/scope.ts';
import { h } from '../shell/dom.ts';
import { chosenFiles, droppedFiles } from './dropped-files.ts';
import type { IncomingFile } from './incoming-files.ts';

/** The files that the dialogue offers. Endings are for systems that know types only by name, or not all of them. */
const ACCEPT = ['audio/*', 'video/*', ...[...AUDIO_ENDINGS, ...VIDEO_ENDINGS].map((ending) => `.${ending}`)].join();

/** Receives files: dialogues, drops and pastes. */
export interface FileIntake {
  /** Opens the dialogue for songs. To be called from a click. */
  choose(): void;
  /** Opens the dialogue for a folder of songs; undefined if the browser has none. */
  readonly chooseFolder: (() => void) | undefined;
  /** Opens the dialogue for a model's files. */
  chooseModel(): void;
  /** Opens the dialogue for a model's folder; undefined if the browser has none. */
  readonly chooseModelFolder: (() => void) | undefined;
  /** Elements for the page: hidden file inputs, and the overlay for drops. */
  readonly elements: readonly HTMLElement[];
}

/** Who receives the files. */
export interface IntakeActions {
  readonly onFiles: (files: readonly IncomingFile[]) => void;
  /** Files that were chosen as a model. */
  readonly onModelFiles: (files: readonly IncomingFile[]) => void;
  /** Called when the drop was no file, or a file disappeared while it was read. */
  readonly onNoFile: () => void;
}

/**
 * Receives dropped, pasted and chosen files and folders.
 * @param overlay Shown while a file is dragged over the page.
 */
export function fileIntake(scope: Scope, overlay: HTMLElement, actions: IntakeActions): FileIntake {
  const input = (attributes: Readonly<Record<string, string | boolean>>, take: IntakeActions['onFiles']) => {
    const element = h('input', { type: 'file', class: 'hidden', tabindex: -1, 'aria-hidden': 'true', ...attributes });
    scope.listen(element, 'change', () => {
      const files = chosenFiles(element);
      // Emptied, so that choosing the same file again fires a change event.
      element.value = '';
      if (files.length > 0) take(files);
    });
    return element;
  };
  const song = input({ accept: ACCEPT, multiple: true }, actions.onFiles);
  const songs = input({ webkitdirectory: true, id: 'song-folder' }, actions.onFiles);
  // No endings: some files of models have none.
  const model = input({ multiple: true, id: 'model-files' }, actions.onModelFiles);
  const folder = input({ webkitdirectory: true, id: 'model-folder' }, actions.onModelFiles);

  // Entering a child fires before leaving its parent, so only a count tells when the drag has left the page.
  let depth = 0;
  const show = (shown: boolean) => overlay.classList.toggle('shown', shown);
  const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  scope.listen(document, 'dragenter', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    depth++;
    show(true);
  });
  scope.listen(document, 'dragover', (event) => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = carriesFile(event) ? 'copy' : 'none';
  });
  scope.listen(document, 'dragleave', (event) => {
    if (!carriesFile(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) show(false);
  });
  scope.listen(document, 'drop', (event) => {
    event.preventDefault();
    depth = 0;
    show(false);
    if (event.dataTransfer?.files.length) droppedFiles(event.dataTransfer).then(actions.onFiles, actions.onNoFile);
    else actions.onNoFile();
  });
  scope.listen(document, 'paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    actions.onFiles(files.map((file) => ({ path: file.name, file })));
  });
  // Phones cannot choose folders.
  const folders = 'webkitdirectory' in folder && !matchMedia('(pointer: coarse)').matches;
  return {
    choose: () => song.click(),
    chooseFolder: folders ? () => songs.click() : undefined,
    chooseModel: () => model.click(),
    chooseModelFolder: folders ? () => folder.click() : undefined,
    elements: [song, songs, model, folder, overlay],
  };
}
