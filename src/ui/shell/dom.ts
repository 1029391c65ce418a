/** Attributes of an element: a text, or true for an attribute without a value; false and undefined leave it out. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Makes an element with its attributes and children.
 *
 * @example
 * h('p', { class: 'lead' }, 'Hello');
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * Makes an SVG element.
 *
 * @example
 * svg('rect', { x: 0, y: 0, width: 10, height: 10 });
 */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  return element;
}

/**
 * Sets attributes, or removes them with false and undefined. Attributes that already have their value are not written.
 */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) {
      element.removeAttribute(name);
      continue;
    }
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/**
 * Marks a button as available or not by `aria-disabled`: a button that disables itself by a press would lose the focus.
 * Its handler must tolerate calls while it is not available.
 */
export function setAvailable(button: HTMLButtonElement, available: boolean): void {
  setAttributes(button, { 'aria-disabled': !available && 'true' });
}

/** Sets the text only if it differs: a live region repeats whatever is written again. */
export function setText(element: Element, text: string): void {
  const { firstChild } = element;
  if (firstChild instanceof Text && !firstChild.nextSibling) {
    // Changing the text node keeps the element's layout box.
    if (firstChild.data !== text) firstChild.data = text;
  } else if (element.textContent !== text) element.textContent = text;
}

const ICONS = {
  play: 'M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8c.6-.4.6-1.2 0-1.6l-10-6.8C8.9 3.9 8 4.4 8 5.2z',
  pause: 'M7 4.5h3.2v15H7zM13.8 4.5H17v15h-3.2z',
  open: 'M12 3l5 5h-3.5v7h-3V8H7zM4 16h2.5v2.5h11V16H20v5H4z',
  save: 'M10.5 3h3v8H17l-5 5-5-5h3.5zM4 17h2.5v1.5h11V17H20v4H4z',
  close: 'M6.4 5l5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z',
  plus: 'M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z',
  minus: 'M5 11h14v2H5z',
  volume: 'M4 9h4l5-4v14l-5-4H4zM15.5 8.5a5 5 0 0 1 0 7l1.4 1.4a7 7 0 0 0 0-9.8z',
  shield: 'M12 2.5l8 3v6c0 4.8-3.4 8.7-8 10-4.6-1.3-8-5.2-8-10v-6zm-1.2 13l6-6-1.4-1.4-4.6 4.6-2.1-2.1-1.4 1.4z',
  model: 'M4 3h4v8h8V3h4v8h-.01L16 14.5V19h-1v2H9v-2H8v-4.5L4.01 11H4zm6 11v5h4v-5z',
  up: 'M12 5l7 7-1.4 1.4-4.6-4.6V20h-2V8.8l-4.6 4.6L5 12z',
  down: 'M12 19l7-7-1.4-1.4-4.6 4.6V4h-2v11.2l-4.6-4.6L5 12z',
  again: 'M12 4a8 8 0 1 0 7.7 10.2l-1.9-.6A6 6 0 1 1 12 6c1.7 0 3.2.7 4.3 1.8L13.5 10.5H20V4l-2.3 2.3A8 8 0 0 0 12 4z',
  trash: 'M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7zm3 2l.5 8H11l-.4-8zm4.4 0L13 19h1.5l.5-8z',
  grip: 'M8 5h2.5v2.5H8zm5.5 0H16v2.5h-2.5zM8 10.7h2.5v2.6H8zm5.5 0H16v2.6h-2.5zM8 16.5h2.5V19H8zm5.5 0H16V19h-2.5z',
  chevron: 'M12 15.5l-7-7L6.4 7l5.6 5.6L17.6 7 19 8.5z',
  enlarge: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  more: 'M10.5 4h3v3h-3zM10.5 10.5h3v3h-3zM10.5 17h3v3h-3z',
  note: 'M9 5l11-2v12.5a3.2 3.2 0 1 1-2-3V7.4l-7 1.3v8.8a3.2 3.2 0 1 1-2-3z',
  check: 'M9.5 17.6L4 12.1l1.5-1.5 4 4 9-9L20 7.1z',
  list: 'M4 5h2.5v2.5H4zM9 5h11v2.5H9zM4 10.7h2.5v2.6H4zM9 10.7h11v2.6H9zM4 16.5h2.5V19H4zM9 16.5h11V19H9z',
  folder: 'M3 5h6.5l2 2.5H21V19H3z',
  sun: 'M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM11 1h2v4h-2zM11 19h2v4h-2zM1 11h4v2H1zM19 11h4v2h-4zM3.5 4.9l1.4-1.4 2.8 2.8-1.4 1.4zM16.3 17.7l1.4-1.4 2.8 2.8-1.4 1.4zM3.5 19.1l2.8-2.8 1.4 1.4-2.8 2.8zM16.3 6.3l2.8-2.8 1.4 1.4-2.8 2.8z',
  moon: 'M13 2.5a9.5 9.5 0 1 0 8.5 13A8 8 0 0 1 13 2.5z',
  auto: 'M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19zm0 2.2v14.6a7.3 7.3 0 0 0 0-14.6z',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof ICONS;

/** A 24 × 24 icon in the colour of the text, hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' });
  drawing.append(svg('path', { d: ICONS[name] }));
  return drawing;
}
