import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bumpFor, changesBetween, describeChange } from '../../../packs/governance/changes.ts';
import { QUICK_FIX_SCHEMA, quickFixBytes, readQuickFixes, withoutSwitchedOff, type QuickFixes } from '../../../packs/schema/quick-fixes.ts';
import { countVotes, standingOf } from '../../../packs/governance/votes.ts';
import { readAllPacks } from '../../../packs/read.ts';
import type { Pack, Rule } from '../../../packs/schema/pack.ts';
import { VOTE_WEIGHTS, type Vote } from '../../../packs/schema/votes.ts';
import type { ReviewLevel } from '../../../packs/schema/words.ts';
import { loadPacks } from '../../../review/packs.ts';

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/vectors/governance.json', import.meta.url), 'utf8')) as {
  weights: Record<string, number>;
  cases: { name: string; org_votes: Record<string, [string, number]>; established: boolean; old_status: string; winner: string; O: number; N: number; G: number; status: string }[];
};
/** CLDR's lowest level is called "unconfirmed", ours "draft". */
const level = (status: string) => (status === 'unconfirmed' ? 'draft' : status) as ReviewLevel;

describe('votes', () => {
  it.each(vectors.cases)('$name', ({ org_votes, established, old_status, winner, O, N, G, status }) => {
    const organisations = new Map(Object.entries(org_votes).map(([organisation, [value, weight]]) => [organisation, { value, weight }]));
    expect(countVotes({ organisations, established, oldLevel: level(old_status) })).toEqual({ winner, weight: O, next: N, organisationsFor: G, level: level(status) });
  });
  it('weigh as in CLDR', () => {
    expect(Object.values(VOTE_WEIGHTS).every((weight) => Object.values(vectors.weights).includes(weight))).toBe(true);
  });

  const cast = (organisation: string, more: Partial<Vote> = {}): Vote => ({ rule: 'r', vote: 'accept', role: 'organisation', organisation, by: `${organisation} reviewer`, on: '2026-11-01', local: false, ...more });
  const settings = { oldLevel: 'draft', established: false, sourced: true } as const;
  it('of one organisation count once, with the weightiest', () => {
    expect(standingOf([cast('a', { role: 'guest' }), cast('a', { role: 'guest', by: 'another' })], settings)).toMatchObject({ level: 'draft', outcome: { weight: 1 } });
    expect(standingOf([cast('a'), cast('a', { role: 'guest', vote: 'object' })], settings)).toMatchObject({ level: 'approved', reason: 'counted' });
  });
  it('cannot outvote a local who objects', () => {
    const many = ['a', 'b', 'c'].map((organisation) => cast(organisation));
    expect(standingOf([...many, cast('d', { vote: 'object', role: 'guest', local: true })], settings)).toMatchObject({ level: 'draft', reason: 'objection-of-a-local' });
    expect(standingOf([...many, cast('d', { vote: 'object', role: 'guest' })], settings)).toMatchObject({ level: 'approved' });
    expect(standingOf([...many, cast('d', { vote: 'object', role: 'locked', local: true })], settings)).toMatchObject({ level: 'approved' });
  });
  it('never lower a level silently, and never raise what rests on general knowledge only', () => {
    expect(standingOf([cast('a', { role: 'guest' })], { ...settings, oldLevel: 'contributed' })).toMatchObject({ level: 'contributed', reason: 'kept-old-level' });
    expect(standingOf([cast('a'), cast('b')], { ...settings, sourced: false })).toMatchObject({ level: 'draft', reason: 'unsourced' });
    expect(standingOf([], settings)).toMatchObject({ level: 'draft', reason: 'no-votes' });
    expect(standingOf([cast('a', { vote: 'object' })], settings)).toMatchObject({ level: 'draft', reason: 'rejected' });
  });
  it('give the same result in any order', () => {
    const any = fc.record({ organisation: fc.constantFrom('a', 'b', 'c'), vote: fc.constantFrom('accept' as const, 'object' as const), role: fc.constantFrom('organisation' as const, 'committee' as const) });
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: ({ organisation }) => organisation, minLength: 1 }), (ballots) => {
        const votes = ballots.map(({ organisation, ...more }) => cast(organisation, more));
        expect(standingOf(votes.toReversed(), settings)).toEqual(standingOf(votes, settings));
      }),
    );
  });
});

const rule = (id: string, more: object = {}) => ({ id, type: 'term', kind: 'term.outdated', severity: 1, ...more }) as unknown as Rule;
const pack = (rules: Rule[], more: object = {}) => ({ id: 'xx', version: '1.2.0', rules, equivalents: {}, ...more }) as unknown as Pack;

describe('quick fixes', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const fixes: QuickFixes = { schema: QUICK_FIX_SCHEMA, serial: 3, off: [{ rule: 'xx.bad', packVersions: ['1.2.0'], why: 'Marks a common surname.', on: '2026-11-22' }] };
  const signed = { ...fixes, signature: sign(null, quickFixBytes(fixes), privateKey).toString('base64') };

  it('are believed only when signed, whole and not older than what is in force', async () => {
    expect(await readQuickFixes(signed, key)).toEqual({ ok: true, fixes });
    expect(await readQuickFixes({ ...signed, serial: 4 }, key)).toEqual({ ok: false, reason: 'wrong-signature' });
    expect(await readQuickFixes({ ...signed, off: [{ ...fixes.off[0]!, rule: 'xx.good' }] }, key)).toEqual({ ok: false, reason: 'wrong-signature' });
    expect(await readQuickFixes({ ...signed, signature: 'no base64 !' }, key)).toEqual({ ok: false, reason: 'wrong-signature' });
    expect(await readQuickFixes({ ...signed, rules: [rule('xx.new')] }, key)).toEqual({ ok: false, reason: 'malformed' });
    expect(await readQuickFixes(signed, key, 4)).toEqual({ ok: false, reason: 'older' });
  });
  it('reach the engine: the rule is gone, and what was kept of earlier reviews is not used again', () => {
    const data = readAllPacks();
    const [all] = [loadPacks(data)];
    const id = all.packs.get('de')!.rules[0]!.id;
    const fixed = loadPacks(data, { quickFixes: { schema: QUICK_FIX_SCHEMA, serial: 9, off: [{ rule: id, packVersions: [], why: 'test', on: '2026-11-22' }] } });
    expect(fixed.packs.get('de')!.rules).toHaveLength(all.packs.get('de')!.rules.length - 1);
    expect(fixed.versions).not.toBe(all.versions);
  });
  it('switch rules off and do nothing else', () => {
    const before = pack([rule('xx.good'), rule('xx.bad')]);
    expect(withoutSwitchedOff(before, fixes)).toEqual({ ...before, rules: [rule('xx.good')] });
    const mended = pack([rule('xx.bad')], { version: '1.2.1' });
    expect(withoutSwitchedOff(mended, fixes)).toBe(mended);
  });
});

describe('changes of a pack', () => {
  it('name what came, went and differs, and ask for the right version', () => {
    const before = pack([rule('a'), rule('b'), rule('c'), rule('d')]);
    const changes = (rules: Rule[], more: object = {}) => changesBetween(before, pack(rules, more));
    const [a, b, c, d] = before.rules as [Rule, Rule, Rule, Rule];
    expect(changes([a, b, c, d])).toEqual([]);
    expect(bumpFor([])).toBeNull();
    expect(bumpFor(changes([a, b, c, rule('d', { severity: 2 })]))).toBe('patch');
    expect(bumpFor(changes([a, b, c, d, rule('e')]))).toBe('minor');
    expect(bumpFor(changes([a, b, c, rule('d', { replacedBy: 'c' })]))).toBe('minor');
    expect(bumpFor(changes([a, b, c]))).toBe('major');
    expect(bumpFor(changes([a, b, c, rule('d', { kind: 'norm.etiquette' })]))).toBe('major');
    expect(bumpFor(changes([a, b, c, d], { equivalents: { x: {} } }))).toBe('patch');
    expect(changes([a, rule('b', { severity: 3 }), c, rule('e')]).map(describeChange)).toEqual(['Changed b: severity', 'Removed d', 'Added e']);
    expect(bumpFor(changesBetween(undefined, before))).toBe('minor');
  });
});
