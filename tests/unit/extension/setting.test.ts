import { fakeBrowser } from './fake-browser.ts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineSetting, StorageFailure } from '../../../extension/setting.ts';

/** A setting with a past: version 1 was a string, version 2 a list, version 3 a list of objects. */
const colours = () =>
  defineSetting({
    key: 'local:colours',
    version: 3,
    schema: z.array(z.object({ name: z.string() })),
    fallback: [],
    migrations: {
      2: (one) => [z.string().parse(one)],
      3: (list) => z.array(z.string()).parse(list).map((name) => ({ name })),
    },
  });

beforeEach(() => fakeBrowser.reset());

describe('a stored setting', () => {
  it.each([
    [1, 'blue'],
    [2, ['blue']],
    [3, [{ name: 'blue' }]],
  ])('reads what version %i wrote', (v, data) => {
    expect(colours().decode({ v, data })).toEqual({ state: 'ok', value: [{ name: 'blue' }] });
  });

  it('has its default when nothing is stored', async () => {
    expect(await colours().read()).toEqual({ state: 'absent', value: [] });
  });

  it.each([
    ['no envelope', 'blue'],
    ['a broken value', { v: 3, data: [{ name: 7 }] }],
    ['a broken older value', { v: 1, data: 7 }],
    ['a newer version', { v: 4, data: [] }],
  ])('falls back to its default for %s, and says so', (_what, raw) => {
    expect(colours().decode(raw)).toMatchObject({ state: 'unreadable', value: [] });
  });

  it('sets unreadable content aside before writing over it', async () => {
    const old = { v: 9, data: 'from the future' };
    await fakeBrowser.storage.local.set({ colours: old });
    await colours().update((list) => [...list, { name: 'red' }]);
    expect(await fakeBrowser.storage.local.get()).toMatchObject({
      colours: { v: 3, data: [{ name: 'red' }] },
      'colours.unreadable': old,
    });
  });

  it('loses none of many changes made at once', async () => {
    const setting = colours();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => setting.update((list) => [...list, { name }])));
    expect((await setting.get()).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('rejects with a reason when the browser will not store, and keeps what was there', async () => {
    const setting = colours();
    await setting.update(() => [{ name: 'kept' }]);
    const full = vi.spyOn(fakeBrowser.storage.local, 'set').mockRejectedValueOnce(new Error('QUOTA_BYTES quota exceeded'));
    await expect(setting.update(() => [])).rejects.toThrow(StorageFailure);
    full.mockRestore();
    expect(await setting.get()).toEqual([{ name: 'kept' }]);
  });
});
