import type { ManifestOptions } from 'vite-plugin-pwa';
import { AUDIO_ENDINGS } from '../../src/audio/file-endings.ts';

/** File extensions that the installed page opens, with media types for systems that use those. */
const AUDIO = {
  'audio/*': AUDIO_ENDINGS.map((ending) => `.${ending}`),
  'video/mp4': ['.mp4'],
  'video/webm': ['.webm'],
  'video/quicktime': ['.mov'],
  'video/matroska': ['.mkv'],
};

/** The web-app manifest: name, icons and file types of the installed page. */
export const webAppManifest: Partial<ManifestOptions> = {
  id: './',
  name: 'Unsung: take the singing out of a song',
  short_name: 'Unsung',
  description: 'Takes the singing out of a song, in the browser, and shows how. Nothing leaves your machine.',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#1b1530',
  theme_color: '#1b1530',
  categories: ['music', 'education'],
  icons: [
    { src: './icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: './icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: './icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: './favicon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
  file_handlers: [{ action: './', accept: AUDIO }],
  // A file that the system opens goes to the open window, without a reload.
  launch_handler: { client_mode: 'focus-existing' },
  share_target: {
    action: './share',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      files: [{ name: 'files', accept: Object.entries(AUDIO).flatMap(([type, endings]) => [type, ...endings]) }],
    },
  },
};
