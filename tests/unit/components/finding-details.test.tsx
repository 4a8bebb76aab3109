import '../extension/fake-browser.ts';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { FindingDetails } from '../../../components/FindingDetails.tsx';
import { setMessageSource } from '../../../extension/i18n.ts';
import en from '../../../locales/en.json' with { type: 'json' };
import type { Finding } from '../../../review/types.ts';
import { finding } from '../extension/samples.ts';

beforeAll(() => {
  const find = (key: string): unknown => key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], en);
  setMessageSource({ language: 'en', get: (key) => (typeof find(key) === 'string' ? (find(key) as string) : '') });
});

const html = (changed: Partial<Finding> = {}) => renderToStaticMarkup(<FindingDetails finding={{ ...finding, ...changed }} locale="de-DE" language="en" />);

describe('a finding, explained', () => {
  it('says what, how sure, why for whom, what to do, and on what evidence', () => {
    const page = html();
    for (const part of ['what', 'sure', 'why', 'suggestion', 'evidence']) expect(page).toContain(`data-attune="${part}"`);
    expect(page).toContain('for readers in Germany');
    expect(page).toContain('Quite sure');
    expect(page).not.toContain('0.9');
    expect(page).toContain('root.fahrenheit');
    expect(page).toContain('href="https://cldr.unicode.org"');
  });

  it('sets text of the page as text', () => {
    const page = html({ quote: '<img src=x onerror=alert(1)>', message: '<script>1</script>' });
    expect(page).not.toMatch(/<img|<script/);
    expect(page).toContain('&lt;img');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', ' https://x'])('makes no link of %s', (url) => {
    const page = html({ evidence: [{ type: 'rule', rule: 'r', pack: 'p', version: '1', level: 'draft', sources: [{ title: 'A source', url }] }] });
    expect(page).not.toContain('<a ');
    expect(page).toContain('A source');
  });

  it('shows dissent where locals differ', () => {
    expect(html({ evidence: [{ type: 'rule', rule: 'r', pack: 'p', version: '1', level: 'draft', sources: [], dissent: 'Young people say du.' }] })).toContain('Young people say du.');
  });

  it('shows a score in words around it, and counts', () => {
    const page = html({ evidence: [{ type: 'classifier', model: 'attune-mini@0.1.0', head: 'praise', score: 0.874 }, { type: 'count', what: 'address', counts: { du: 2, Sie: 1 } }] });
    expect(page).toContain('score 87 of 100');
    expect(page).toContain('du: 2, Sie: 1');
  });
});
