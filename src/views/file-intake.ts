import type { Scope } from '../scope.ts';
import { h } from './dom.ts';

/** What can be chosen in the file dialogue. The endings stand for systems that know a type by its name only. */
const ACCEPT = 'audio/*,video/mp4,video/webm,.wav,.mp3,.ogg,.oga,.opus,.flac,.m4a,.aac,.webm,.mp4';

/** The ways in which a song comes to the page. */
export interface FileIntake {
  /** Opens the file dialogue; call it from a click. */
  choose(): void;
  /** To be put into the page: the hidden file input and the sign that a drop is welcome. */
  readonly elements: readonly HTMLElement[];
}

/**
 * Takes files dropped anywhere, pasted, or chosen.
 * @param overlay The sign that is shown while a file is dragged over the page.
 * @param onFile Receives the file.
 * @param onNoFile Called when something was dropped that is no file.
 */
export function fileIntake(
  scope: Scope,
  overlay: HTMLElement,
  onFile: (file: File) => void,
  onNoFile: () => void,
): FileIntake {
  const input = h('input', { type: 'file', accept: ACCEPT, class: 'hidden', tabindex: -1, 'aria-hidden': 'true' });
  scope.listen(input, 'change', () => {
    const file = input.files?.[0];
    // Emptied, so that choosing the same file again is a change again.
    input.value = '';
    if (file) onFile(file);
  });

  // Entering a child fires before leaving its parent: only a count tells when the drag has left the page.
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
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
    else onNoFile();
  });
  scope.listen(document, 'paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    onFile(file);
  });
  return { choose: () => input.click(), elements: [input, overlay] };
}
