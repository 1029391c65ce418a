import { describe, expect, test } from 'vitest';
import type { ModelChoice } from '../../../src/separation/model-choice.ts';
import type { EngineStatus, ModelEntry } from '../../../src/separation/separation-engine.ts';
import { ModelsController } from '../../../src/ui/models/models-controller.ts';

const entry = (origin: ModelEntry['origin'], id: string, lasts: ModelEntry['lasts'] = 'browser'): ModelEntry => ({
  origin,
  id,
  bytes: 1000,
  lasts,
});
const FIRST = entry('built-in', 'first');
const SECOND = entry('built-in', 'second');
const OWN = entry('kept', 'own');
const DEFAULT = entry('built-in', 'spleeter');
const choice = ({ origin, id }: ModelChoice) => ({ origin, id });

/** An engine whose models can be made to fail, and whose loading ends when the test says so. */
function setup({ model = FIRST as ModelChoice, broken = [] as string[] } = {}) {
  const client = {
    model: choice(model),
    quality: undefined as 'best' | 'fast' | undefined,
    entries: [FIRST, SECOND, OWN] as ModelEntry[],
    broken: new Set(broken),
    prepared: [] as string[],
    removed: [] as string[],
    models: async () => client.entries,
    prepare: async (): Promise<EngineStatus> => {
      const { id } = client.model;
      client.prepared.push(id);
      await Promise.resolve();
      if (client.broken.has(id)) throw new Error(`${id} is broken`);
      return { backend: 'cpu', report: [], model: { id, title: { en: id } } };
    },
    removeModel: async (id: string) => {
      if (client.broken.has(`remove ${id}`)) throw new Error('The disk refuses');
      client.removed.push(id);
      client.entries = client.entries.filter((known) => known.id !== id);
    },
  };
  const remembered: ModelChoice[] = [];
  const qualities: string[] = [];
  const errors: string[] = [];
  const events: string[] = [];
  const models = new ModelsController({
    client,
    firstModel: choice(FIRST),
    rememberModel: (one) => remembered.push(one),
    rememberQuality: (quality) => qualities.push(quality),
    failed: (error) => errors.push((error as Error).message),
  });
  for (const name of ['models', 'status', 'use'] as const) models.on(name, () => events.push(name));
  return { client, models, remembered, qualities, errors, events };
}

describe('the models of the page', () => {
  test('are unknown at first, and known after a look', async () => {
    const { models, events } = setup();
    expect(models.entries).toBeUndefined();
    expect(models.named(SECOND)).toEqual({ id: 'second', manifest: undefined });
    await models.refresh();
    expect(models.entries).toHaveLength(3);
    expect(models.chosen).toBe(FIRST);
    expect(models.builtInIds).toEqual(['first', 'second']);
    expect(events).toEqual(['models']);
  });

  test('are in their order, but for the default one, which comes first', async () => {
    const { client, models } = setup();
    client.entries = [FIRST, OWN, DEFAULT, SECOND];
    await models.refresh();
    expect(models.entries).toEqual([DEFAULT, FIRST, OWN, SECOND]);
  });

  test('stay as they were when the look fails, and the error is reported', async () => {
    const { client, models, errors } = setup();
    client.models = async () => Promise.reject(new Error('no answer'));
    await models.refresh();
    expect(models.entries).toBeUndefined();
    expect(errors).toEqual(['no answer']);
  });

  test('give way to the first one at the start where the remembered one cannot be loaded', async () => {
    const { client, models, remembered, errors } = setup({ model: OWN, broken: ['own'] });
    await models.start();
    expect(errors).toEqual(['own is broken']);
    expect(models.model).toEqual(choice(FIRST));
    expect(models.status).toMatchObject({ kind: 'failed-back', model: { id: 'first' } });
    expect(remembered).toEqual([choice(FIRST)]);
    expect(client.prepared).toEqual(['own', 'first']);
  });

  test('say nothing at the start where the first one itself cannot be loaded: a song will', async () => {
    const { models, errors } = setup({ broken: ['first'] });
    await models.start();
    expect(errors).toEqual([]);
    expect(models.status).toEqual({ kind: 'none' });
  });
});

describe('a choice', () => {
  test('loads the model and remembers it', async () => {
    const { client, models, remembered, events } = setup();
    await models.refresh();
    const done = models.choose(SECOND);
    expect(models.status).toEqual({ kind: 'loading', model: SECOND });
    expect(await done).toBe(true);
    expect(models.status).toEqual({ kind: 'ready', model: SECOND });
    expect(client.prepared).toEqual(['second']);
    expect(remembered).toEqual([choice(SECOND)]);
    expect(events).toEqual(['models', 'models', 'status', 'status']);
  });

  test('that cannot be loaded gives way to the one before', async () => {
    const { client, models, remembered, errors } = setup({ broken: ['own'] });
    await models.refresh();
    expect(await models.choose(OWN)).toBe(false);
    expect(errors).toEqual(['own is broken']);
    expect(models.chosen).toBe(FIRST);
    expect(models.status).toEqual({ kind: 'failed-back', model: FIRST });
    expect(remembered.map(({ id }) => id)).toEqual(['own', 'first']);
    expect(client.prepared).toEqual(['own', 'first']);
  });

  test('that another one overtakes does not undo it', async () => {
    const { models, errors } = setup({ broken: ['own'] });
    await models.refresh();
    const [first, second] = await Promise.all([models.choose(OWN), models.choose(SECOND)]);
    expect([first, second]).toEqual([false, true]);
    expect(errors).toEqual([]);
    expect(models.chosen).toBe(SECOND);
    expect(models.status).toEqual({ kind: 'ready', model: SECOND });
  });

  test('while a song is being separated is used from the next song on', async () => {
    const { client, models } = setup();
    await models.refresh();
    models.song({ model: choice(FIRST), quality: 'best', busy: true });
    expect(await models.choose(SECOND)).toBe(true);
    expect(models.status).toEqual({ kind: 'next', model: SECOND });
    expect(client.prepared).toEqual([]);
  });
});

describe('a model of a person', () => {
  test('is used once it is added', async () => {
    const { client, models } = setup();
    const added = entry('kept', 'new', 'page');
    client.entries = [...client.entries, added];
    await models.added(added);
    expect(models.chosen).toBe(added);
    expect(models.status).toEqual({ kind: 'added-this-visit', model: added });
    await models.added(OWN);
    expect(models.status).toEqual({ kind: 'added', model: OWN });
  });

  test('that is added but cannot be loaded is not said to be used', async () => {
    const { models } = setup({ broken: ['own'] });
    await models.added(OWN);
    expect(models.status).toEqual({ kind: 'failed-back', model: FIRST });
  });

  test('gives way to the first one when it is removed', async () => {
    const { client, models } = setup({ model: OWN });
    await models.refresh();
    expect(await models.remove(OWN)).toBe(true);
    expect(client.removed).toEqual(['own']);
    expect(models.entries).toEqual([FIRST, SECOND]);
    expect(models.chosen).toBe(FIRST);
    expect(models.status).toEqual({ kind: 'removed', model: OWN });
    expect(client.prepared).toEqual(['first']);
  });

  test('that is removed while a song is being separated leaves the engine alone', async () => {
    const { client, models } = setup();
    models.song({ model: choice(FIRST), quality: 'best', busy: true });
    expect(await models.remove(OWN)).toBe(true);
    expect(client.prepared).toEqual([]);
    expect(models.model).toEqual(choice(FIRST));
  });

  test('stays when it cannot be removed', async () => {
    const { models, errors } = setup({ broken: ['remove own'] });
    await models.refresh();
    expect(await models.remove(OWN)).toBe(false);
    expect(errors).toEqual(['The disk refuses']);
    expect(models.entries).toContain(OWN);
    expect(models.status).toEqual({ kind: 'none' });
  });
});

describe('the open song', () => {
  test('is offered to be separated again where it has another model', async () => {
    const { models, events } = setup();
    await models.refresh();
    expect(models.songModel).toBeUndefined();
    models.song({ model: choice(FIRST), quality: 'best', busy: false });
    expect(models.songModel).toBeUndefined();
    await models.choose(SECOND);
    expect(models.songModel).toBe(FIRST);
    models.song({ model: choice(SECOND), quality: 'best', busy: false });
    expect(models.songModel).toBeUndefined();
    expect(events.filter((name) => name === 'use')).toHaveLength(2);
  });

  test('has its quality beside that of the next separation, for the same model only', async () => {
    const { models, client, qualities } = setup();
    await models.refresh();
    const status = { backend: 'cpu', report: [], model: { id: 'first', title: { en: 'first' } } } as const;
    models.engine({ ...status, quality: 'best', speeds: { best: 2, fast: 8 } });
    models.song({ model: choice(FIRST), quality: 'best', busy: false });
    expect(models.quality).toMatchObject({ speeds: { best: 2, fast: 8 }, chosen: 'best', song: 'best' });
    models.chooseQuality('fast');
    expect([client.quality, ...qualities]).toEqual(['fast', 'fast']);
    expect(models.quality).toMatchObject({ chosen: 'fast', song: 'best' });
    // The speeds are those of the loaded model.
    await models.choose(SECOND);
    expect(models.quality).toMatchObject({ speeds: undefined, chosen: 'fast', song: undefined });
  });
});
