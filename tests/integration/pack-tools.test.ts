/** Pack authors' commands, as they are run. */
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readQuickFixes } from '../../packs/schema/quick-fixes.ts';
import { PACKS_FOLDER, readAllPacks } from '../../packs/read.ts';
import { loadPacks } from '../../review/packs.ts';
import { attune } from '../fixtures/attune-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'attune-pack-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('attune packs new', () => {
  it('makes a pack that is valid at once, with a language pack where there was none', async () => {
    cpSync(join(PACKS_FOLDER, 'root'), join(folder, 'root'), { recursive: true });
    const { code, stderr } = await attune(['packs', 'new', 'da-DK', '--folder', folder]);
    expect(stderr).toContain('tests/acceptance/da-DK.jsonl');
    expect(code).toBe(0);
    const library = loadPacks(readAllPacks(folder));
    expect(library.refused.filter(({ id }) => id !== 'root')).toEqual([]);
    expect(library.packs.get('da-DK')).toMatchObject({ extends: 'da', name: { da: expect.stringContaining('dansk') }, conventions: { currency: 'DKK' } });
    expect((await attune(['packs', 'new', 'da-DK', '--folder', folder])).stderr).toContain('already there');
    for (const wrong of ['danish', '../x', 'qq-QQ']) expect((await attune(['packs', 'new', wrong, '--folder', folder])).code).toBe(2);
  });
});

describe('attune packs docs', () => {
  it('has nothing to write: docs/packs is what the packs say', async () => {
    const { code, stderr } = await attune(['packs', 'docs', '--check']);
    expect(stderr.replaceAll(/npm warn.*\n/g, '')).toBe('');
    expect(code).toBe(0);
  });
  it('makes one page of all rules, in which pack text is text', async () => {
    const page = join(folder, 'rules.html');
    await attune(['packs', 'docs', '--check', '--html', page]);
    const html = readFileSync(page, 'utf8');
    const rules = [...loadPacks(readAllPacks()).packs.values()].flatMap((pack) => pack.rules);
    expect(html.match(/<tr data-pack=/g)).toHaveLength(rules.length);
    expect(html).not.toMatch(/<(img|link|iframe)|https?:\/\/[^"]*\.(js|css)/);
  });
});

describe('attune packs quick-fix', () => {
  it('signs a list of known rules', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [key, list] = [join(folder, 'key.pem'), join(folder, 'off.json')];
    writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const rule = loadPacks(readAllPacks()).packs.get('de')!.rules[0]!.id;
    writeFileSync(list, JSON.stringify({ serial: 1, off: [{ rule, why: 'Marks plain text.', on: '2026-11-22' }] }));
    const { code, lines } = await attune(['packs', 'quick-fix', list, '--key', key]);
    expect(code).toBe(0);
    expect(await readQuickFixes(lines[0], Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)))).toMatchObject({ ok: true, fixes: { serial: 1 } });
    writeFileSync(list, JSON.stringify({ serial: 1, off: [{ rule: 'no.such.rule', why: 'x', on: '2026-11-22' }] }));
    expect((await attune(['packs', 'quick-fix', list, '--key', key])).stderr).toContain('no.such.rule');
  });
});

describe('attune packs changes and regression', () => {
  it('compare with a commit', async () => {
    // A clean clone may have one commit only: against itself nothing has changed.
    const changes = await attune(['packs', 'changes', 'HEAD']);
    expect(changes.code).toBe(0);
    const regression = await attune(['packs', 'regression', 'HEAD']);
    expect(regression.code).toBe(0);
    expect(regression.lines.length).toBeGreaterThanOrEqual(14);
    for (const { texts, before, after } of regression.lines) {
      expect(texts).toBe(16);
      if (changes.lines.length === 0) expect(after).toBe(before);
    }
    const wrong = await attune(['packs', 'changes', 'no-such-commit']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('no packs at');
  });
  it('leave nothing behind in the packs folder', () => expect(existsSync(join(PACKS_FOLDER, 'da'))).toBe(false));
});
