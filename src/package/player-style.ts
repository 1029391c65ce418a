/** The player's style sheet. A page changes it by custom properties or ::part(). */
export const PLAYER_STYLE = `
:host {
  --_voice: var(--unsung-voice, #d8492c);
  --_accompaniment: var(--unsung-accompaniment, #14857c);
  --_ground: var(--unsung-ground, Canvas);
  --_text: var(--unsung-text, CanvasText);
  display: block;
  color: var(--_text);
  background: var(--_ground);
  border: 1px solid color-mix(in srgb, var(--_text) 25%, transparent);
  border-radius: 12px;
  padding: 12px;
  font: 400 0.9375rem/1.4 system-ui, sans-serif;
}
:host([hidden]) { display: none; }
.row { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; }
.row + .row { margin-top: 10px; }
button {
  flex: none; width: 44px; height: 44px; border: 0; border-radius: 50%; cursor: pointer;
  background: var(--_text); color: var(--_ground); display: grid; place-items: center;
}
button svg { width: 22px; height: 22px; fill: currentColor; }
input[type='range'] { accent-color: var(--_text); min-width: 0; height: 24px; margin: 0; }
.seek { flex: 1 1 120px; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; min-width: 0; }
fieldset label {
  display: inline-flex; align-items: center; gap: 6px; min-height: 32px; padding: 0 12px; cursor: pointer;
  border: 1px solid color-mix(in srgb, var(--_text) 45%, transparent); border-radius: 16px;
}
fieldset label:has(:checked) { background: var(--_text); color: var(--_ground); }
fieldset label:has(:focus-visible) { outline: 3px solid var(--_accompaniment); outline-offset: 2px; }
fieldset input { position: absolute; opacity: 0; pointer-events: none; }
.level { display: inline-flex; align-items: center; gap: 8px; flex: 1 1 180px; }
.level input { flex: 1; }
.level.vocals input { accent-color: var(--_voice); }
.level.accompaniment input { accent-color: var(--_accompaniment); }
progress { display: block; width: 100%; height: 6px; margin-top: 10px; accent-color: var(--_accompaniment); }
progress[hidden] { display: none; }
.status { margin: 10px 0 0; min-height: 1.4em; }
.status.failed { font-weight: 600; }
:is(button, input):focus-visible { outline: 3px solid var(--_accompaniment); outline-offset: 2px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
