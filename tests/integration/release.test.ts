/** Releases as a researcher makes and checks them: through the command line. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { publicId } from '../../feedback/log/keys.ts';
import { formatLogKey, type LogKey, type NoteSigner } from '../../feedback/log/note.ts';
import { FIRST_PREVIOUS, lineHash, signWithdrawal, withdrawalLine } from '../../feedback/log/withdrawals.ts';
import { attune, jsonLines } from '../fixtures/attune-cli.ts';
import { crowd } from '../fixtures/submissions.ts';

const folder = mkdtempSync(join(tmpdir(), 'attune-release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const digest = (name: string) => Object.fromEntries(readdirSync(at(name), { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(at(name), file)).isFile()).map((file) => [file, createHash('sha256').update(readFileSync(join(at(name), file))).digest('hex')]));

const source = crowd(14);
writeFileSync(at('rows.jsonl'), jsonLines(...source));
const build = (out: string, ...more: string[]) => attune(['release', 'build', '--rows', at('rows.jsonl'), '--version', '1.0.0', '--date', '2026-11-22', '--out', at(out), ...more]);

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer: NoteSigner & LogKey = { name: 'test/open', publicKey: Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)), sign: (message) => Uint8Array.from(sign(null, message, privateKey)) };
function listOf(ids: readonly string[]): string {
  let previous = FIRST_PREVIOUS;
  return ids.map((id, seq) => {
    const line = withdrawalLine(signWithdrawal('open', { seq, id, on: '2026-11-23', previous }, signer));
    previous = lineHash(line);
    return `${line}\n`;
  }).join('');
}

describe('attune release', () => {
  it('builds a folder that verifies, the same bytes again with the same secret, and destroys the secret', async () => {
    const first = await build('one');
    expect(first.stderr).toContain('destroy it');
    expect(first.code).toBe(0);
    expect(first.lines[0]).toMatchObject({ release: 'open 1.0.0', annotations: source.length, locales: ['de-DE', 'hi-IN'], leakage: { groups: 0, raters: 0 } });
    expect(Object.keys(digest('one')).sort()).toEqual(['CITATION.cff', 'DATASHEET.md', 'LICENSE.md', 'README.md', 'SHA256SUMS', 'agreement.json', 'croissant.json', 'data/annotations.jsonl', 'data/annotations.parquet', 'data/items.jsonl', 'data/items.parquet', 'data/labels.csv', 'release.json']);
    expect(statSync(at('one.salt')).mode & 0o777).toBe(0o600);
    expect((await attune(['release', 'verify', at('one')])).code).toBe(0);

    expect((await build('two', '--salt-file', at('one.salt'))).code).toBe(0);
    expect(digest('two')).toEqual(digest('one'));
    await build('three');
    expect(digest('three')['data/annotations.jsonl']).not.toBe(digest('one')['data/annotations.jsonl']);

    expect((await attune(['release', 'seal', at('one')])).code).toBe(0);
    expect(existsSync(at('one.salt'))).toBe(false);
    expect((await attune(['release', 'seal', at('one')])).code).toBe(2);
  });
  it('finds a changed copy', async () => {
    await build('changed');
    const path = join(at('changed'), 'data/labels.csv');
    writeFileSync(path, readFileSync(path, 'utf8').replace('agree', 'disagree'));
    const { code, lines } = await attune(['release', 'verify', at('changed')]);
    expect(code).toBe(1);
    expect(lines[0]!.problems.join()).toContain('data/labels.csv');
  });
  it('takes withdrawn rows out of a copy, only by a list that the drive has signed', async () => {
    await build('published');
    const gone = source.slice(0, 2).map(({ record }) => publicId(record.id));
    writeFileSync(at('withdrawals.jsonl'), listOf(gone));
    const key = ['--key', formatLogKey(signer)];
    const { code, lines } = await attune(['release', 'apply-withdrawals', at('published'), at('withdrawals.jsonl'), '--out', at('left'), ...key]);
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ version: '2.0.0', withdrawn: 2, annotations: source.length - 2 });
    expect((await attune(['release', 'verify', at('left')])).code).toBe(0);
    for (const id of gone) expect(readFileSync(join(at('left'), 'data/annotations.jsonl'), 'utf8')).not.toContain(id);
    expect((await attune(['release', 'apply-withdrawals', at('left'), at('withdrawals.jsonl'), '--out', at('again'), ...key])).lines[0]).toMatchObject({ withdrawn: 0 });

    writeFileSync(at('forged.jsonl'), listOf(gone).replace(gone[0]!, publicId(source[5]!.record.id)));
    const forged = await attune(['release', 'apply-withdrawals', at('published'), at('forged.jsonl'), '--out', at('forged'), ...key]);
    expect(forged.code).toBe(2);
    expect(forged.stderr).toContain('wrong-signature');
    expect(existsSync(at('forged'))).toBe(false);
    writeFileSync(at('cut.jsonl'), listOf(gone).split('\n').slice(1).join('\n'));
    expect((await attune(['release', 'apply-withdrawals', at('published'), at('cut.jsonl'), '--out', at('cut'), ...key])).stderr).toMatch(/out-of-order/);
  });
  it('says what is wrong with what it is given', async () => {
    await build('taken');
    const cases: [string[], RegExp][] = [
      [['build', '--rows', at('rows.jsonl'), '--version', '1', '--out', at('x')], /--version/],
      [['build', '--rows', at('rows.jsonl'), '--version', '1.0.0', '--out', at('taken')], /not empty/],
      [['build', '--rows', at('rows.jsonl'), '--version', '1.0.0', '--out', at('x'), '--k', '1'], /at least 2/],
      [['build', '--rows', at('rows.jsonl'), '--version', '1.0.0', '--out', at('x'), '--drive', 'other'], /Nothing can be published/],
      [['build', '--rows', at('rows.jsonl'), '--version', '1.0.0', '--out', at('x'), '--k', '50'], /fewer than 50 people/],
      [['verify', at('nowhere')], /cannot be read/],
      [['apply-withdrawals', at('nowhere'), at('withdrawals.jsonl'), '--out', at('x')], /cannot be read/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await attune(['release', ...args]);
      expect(stderr, args.join(' ')).toMatch(message);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/at .*\.ts:\d+/);
    }
    writeFileSync(at('bad.jsonl'), jsonLines({ ...source[0], purposes: ['everything'] }));
    expect((await attune(['release', 'build', '--rows', at('bad.jsonl'), '--version', '1.0.0', '--out', at('x')])).stderr).toMatch(/line 1/);
  });
});
