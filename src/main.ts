import { stored } from './core/browser-storage.ts';
import { Scope } from './core/scope.ts';
import { isDemoName } from './i18n/demo-name.ts';
import { I18n, LANGUAGES, type Language, pickLanguage } from './i18n/i18n.ts';
import { learningRoute } from './learning/learning-route.ts';
import { onLaunchFiles } from './offline/offline.ts';
import { takeShared } from './offline/shared-files.ts';
import { BatchExportClient } from './player/export/batch-export-client.ts';
import { type EngineEvent, SeparationClient } from './separation/separation-client.ts';
import { browserAddress } from './songs/address-bar.ts';
import { ArchiveClient } from './songs/archive/archive-client.ts';
import { BatchExport } from './songs/batch-export.ts';
import type { SongDecoder } from './songs/decode-song.ts';
import { SongController } from './songs/song-controller.ts';
import { browserEnvironment } from './songs/song-environment.ts';
import { SongNavigation } from './songs/song-navigation.ts';
import { TagsClient } from './songs/tags/tags-client.ts';
import { fileIntake } from './ui/files/file-intake.ts';
import { type IncomingFile, sortIncoming } from './ui/files/incoming-files.ts';
import { ModelsPanel } from './ui/models/models-panel.ts';
import { rememberedModel, rememberedQuality } from './ui/models/remembered-choice.ts';
import { chooseTarget, handOver } from './ui/player/save-target.ts';
import { AppBadge } from './ui/shell/app-badge.ts';
import { h, setText } from './ui/shell/dom.ts';
import { EnginePanel } from './ui/shell/engine-panel.ts';
import { header, LANGUAGE_STORED_AS, openAnotherButton } from './ui/shell/header.ts';
import { bindKeys } from './ui/shell/keyboard.ts';
import { LicencesPanel } from './ui/shell/licences-panel.ts';
import { Notices } from './ui/shell/notices.ts';
import { offlineNotices } from './ui/shell/offline-notices.ts';
import { pageTitle } from './ui/shell/page-title.ts';
import { ProgressPanel } from './ui/shell/progress-panel.ts';
import { ShortcutsDialog } from './ui/shell/shortcuts.ts';
import { startPanel } from './ui/shell/start-panel.ts';
import { batchExportNotices } from './ui/songs/batch-export-text.ts';
import { OpenSongView } from './ui/songs/open-song-view.ts';
import { SongList } from './ui/songs/song-list.ts';
import { songNotices } from './ui/songs/song-notices.ts';

/** Puts the page together. */
async function start(root: HTMLElement): Promise<void> {
  const scope = new Scope();
  const wished = stored(LANGUAGE_STORED_AS);
  const i18n = new I18n();
  const language = wished && wished in LANGUAGES ? (wished as Language) : pickLanguage(navigator.languages);
  // Where its texts cannot be loaded, the page speaks English.
  await i18n.speak(language).catch(() => undefined);
  const notices = new Notices(scope, i18n);
  const shortcuts = new ShortcutsDialog(scope, i18n);
  const client = new SeparationClient({
    model: rememberedModel(),
    quality: rememberedQuality(),
    backend: new URLSearchParams(location.search).get('backend') ?? undefined,
    onEvent: tell,
  });
  scope.add(() => client.dispose());
  const licences = new LicencesPanel(scope, i18n, client);
  const engine = new EnginePanel(scope, i18n, () => shortcuts.toggle(), licences.element);

  const overlay = h('div', { class: 'drop-overlay', 'aria-hidden': 'true' }, h('p'));
  i18n.bind(scope, () => setText(overlay.firstElementChild as HTMLElement, i18n.t('start.overlay')));
  const noFile = () =>
    notices.error(
      () => i18n.t('notice.notAFile'),
      () => i18n.t('notice.notAFileHint'),
    );
  const intake = fileIntake(scope, overlay, {
    onFiles: (files) => void take(files),
    onModelFiles: (files) => void take(files, true),
    onNoFile: noFile,
  });
  const choose = () => intake.choose();
  // Loaded with the first song.
  const decode: SongDecoder['decode'] = async (file, name, options) =>
    (await import('./audio/decode/decode.browser.ts')).decodeInBrowser(file, name, options);
  // `?long=60`: songs from a minute on take the way of long ones, on disk; for tests.
  const longFrom = Number(new URLSearchParams(location.search).get('long') ?? Number.NaN);
  const welcome = startPanel(scope, i18n, {
    choose,
    chooseFolder: intake.chooseFolder,
    demo: () => void openDemo(),
  });
  const environment = browserEnvironment(scope);
  const tags = new TagsClient(scope);
  const songs = new SongController(scope, {
    client,
    decode,
    openLongSong: async (file, name, options) => {
      const { LONG_SECONDS, openLongSong } = await import('./songs/storage/open-long-song.ts');
      return openLongSong(file, name, options, Number.isNaN(longFrom) ? LONG_SECONDS : longFrom);
    },
    // The demo song is called by its name alone.
    readTags: async (file, fileName) => (isDemoName(fileName) ? undefined : await tags.read(file)),
    secondsOf: async (file) => (await import('./audio/decode/decode.browser.ts')).songSeconds(file),
    archive: (onOthers) => new ArchiveClient(scope, onOthers, (error) => notices.thrown(error)),
    environment,
  });
  songNotices(scope, i18n, songs, notices);
  const progress = new ProgressPanel(scope, i18n, songs, {
    offered: () => openSong.hearsOriginal,
    hear: () => openSong.hear('accompaniment'),
  });
  const badge = new AppBadge(navigator, () => document.hidden);
  scope.add(songs.on('ended', ({ kind }) => kind === 'done' && badge.separated()));
  scope.listen(document, 'visibilitychange', () => badge.look());
  const openSong = new OpenSongView(scope, i18n, {
    songs,
    notices,
    titleOf: (model) => models.shortTitleOf(model),
  });
  const batchClient = new BatchExportClient();
  scope.add(() => batchClient.dispose());
  const batch = new BatchExport({
    client: batchClient,
    songs,
    chooseTarget,
    handOver: (file, name) => handOver(scope, file, name),
  });
  batchExportNotices(scope, i18n, batch, notices);
  const navigation = new SongNavigation({
    songs,
    address: browserAddress(scope),
    environment,
    shown: () => openSong.ready,
  });
  scope.add(navigation.on('gone', () => notices.note(() => i18n.t('notice.songGone'))));
  const list = new SongList(scope, i18n, {
    songs,
    navigation,
    batch,
    add: choose,
    addFolder: intake.chooseFolder,
    // From the list the keyboard goes on to the player: the space bar plays.
    onOpened: () => void openSong.focusPlay(),
  });
  const models = new ModelsPanel(scope, i18n, {
    client,
    notices,
    chooseFiles: () => intake.chooseModel(),
    chooseFolder: intake.chooseModelFolder,
    onModels: () => openSong.retitle(),
    again: () => {
      const name = songs.state.open?.song.name ?? '';
      void songs.again().then((begun) => begun && notices.note(() => i18n.t('songs.again', { name })));
    },
  });
  bindKeys(scope, (action) => shortcuts.act(action) || (shortcuts.keysOn && openSong.act(action)));
  const opening = h('p', { class: 'opening', role: 'status' });
  i18n.bind(scope, () => setText(opening, i18n.t('songs.opening')));
  const content = h('div', { class: 'content' }, progress.element, opening, welcome, openSong.element);
  const main = h('main', { id: 'main', tabindex: -1 }, models.element, content);
  const another = openAnotherButton(scope, i18n, choose);
  let learningShown = false;
  const showTitle = () => {
    const { progress } = songs.state;
    const facts = { learning: learningShown, song: openSong.song?.name, progress };
    document.title = pageTitle(facts, i18n.t.bind(i18n));
  };
  const learning = learningRoute(
    scope,
    i18n,
    content,
    {
      client,
      decode,
      notices,
      song: () => openSong.song,
      busy: () => songs.state.busy || navigation.opening,
      choose,
      demo: openDemo,
    },
    (shown) => {
      learningShown = shown;
      showTitle();
    },
  );
  const recolour = () => {
    openSong.recolour();
    learning.recolour();
  };
  root.append(
    header(scope, i18n, {
      onTheme: recolour,
      songs: [list.button, another],
      quality: models.quality.element,
      buttons: [learning.link, models.button],
    }),
    h('div', { class: 'workspace' }, list.element, main),
    list.live,
    engine.element,
    notices.element,
    shortcuts.element,
    ...intake.elements,
  );
  // The network is loaded while the person is choosing a song.
  void models.start();

  const tellOffline = offlineNotices(scope, i18n, {
    notices,
    engineReady: () => client.prepare(),
    busy: () => songs.state.busy,
    quiet: () => !songs.state.busy && !openSong.playing,
    songOpen: () => songs.state.unkept,
  });
  const follow = () => {
    const { open, busy } = songs.state;
    const shown = openSong.song !== undefined;
    opening.hidden = shown || !navigation.opening;
    welcome.hidden = shown || navigation.opening;
    another.hidden = !welcome.hidden;
    models.song({ model: open?.model, quality: open?.quality, busy });
    learning.songChanged();
    tellOffline();
    progress.refresh();
    showTitle();
  };
  scope.add(songs.on('change', follow));
  scope.add(navigation.on('change', follow));
  follow();
  scope.add(openSong.on('change', follow));
  const takeFromSystem = (files: readonly File[]) => void take(files.map((file) => ({ path: file.name, file })));
  onLaunchFiles(takeFromSystem);
  if (location.search === '?shared') void takeShared().then((files) => files.length > 0 && takeFromSystem(files));

  async function take(files: readonly IncomingFile[], asModel = false): Promise<void> {
    const incoming = await sortIncoming(files);
    switch (incoming.kind) {
      case 'songs': {
        const { left } = incoming;
        if (asModel) {
          return notices.error(
            () => i18n.t('models.noModel', { name: incoming.songs[0].name }),
            () => i18n.t('models.noModelHint'),
          );
        }
        if (left > 0) notices.note(() => i18n.t('songs.left', { count: left }));
        return songs.add(incoming.songs.map((file) => ({ fileName: file.name, file })));
      }
      case 'model':
        return models.offer(incoming.offer);
      case 'both':
        return notices.error(
          () => i18n.t('models.both', incoming),
          () => i18n.t('models.bothHint'),
        );
      case 'many-models': {
        const { names } = incoming;
        return notices.error(
          () => i18n.t('models.many', { count: names.length, names: names.join(', ') }),
          () => i18n.t('models.manyHint'),
        );
      }
      case 'nothing':
        return noFile();
    }
  }

  function tell(event: EngineEvent): void {
    if (event.kind === 'note') {
      const { code, values } = event.message;
      if (code === 'backend.moved') engine.moved(String(values.name));
      notices.note(() => i18n.message(event.message));
    } else songs.engineStep(event.kind === 'ready' ? undefined : event);
    if (event.kind !== 'ready') return;
    engine.show(event.status);
    models.engine(event.status);
  }

  async function openDemo(): Promise<void> {
    const response = await fetch('demo/mixture.mp3').catch(() => undefined);
    if (!response?.ok) {
      notices.error(
        () => i18n.t('notice.demoMissing'),
        () => i18n.t('notice.demoMissingHint'),
      );
      return;
    }
    const file = await response.blob();
    await songs.add([{ fileName: i18n.t('start.demoName'), file }]);
  }
}

void start(document.body);
