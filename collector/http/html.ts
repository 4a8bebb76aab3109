/** The collector's own pages: plain HTML whose every inserted text is escaped, under a policy that runs no foreign script. */
import { type DriveInfo } from '../../feedback/schema/index.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as HTML: nothing in it is markup, and nothing invisible reorders it. */
export const escapeHtml = (text: string): string => text.replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '').replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Markup that was made here; every value put into the template is escaped unless it is markup itself. */
class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
function markup(parts: TemplateStringsArray, ...values: (string | number | Markup | readonly Markup[])[]): Markup {
  const inserted = (value: string | number | Markup | readonly Markup[]): string => {
    if (value instanceof Markup) return value.text;
    return typeof value === 'object' ? value.map(({ text }) => text).join('\n') : escapeHtml(String(value));
  };
  return new Markup(parts.map((part, index) => part + (index < values.length ? inserted(values[index]!) : '')).join(''));
}

const page = (title: string, body: Markup, script?: string): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/assets/page.css">
${script === undefined ? new Markup('') : markup`<script src="${script}" defer></script>`}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text;

export interface Endpoint {
  method: string;
  path: string;
  summary: string;
}

/** The page at `/`: what this is, which drives there are, and every address of the interface. */
export function overviewPage(drives: readonly DriveInfo[], endpoints: readonly Endpoint[]): string {
  return page(
    'Attune collector',
    markup`<h1>Attune collector</h1>
<p>This service takes feedback that people chose to give, after they saw exactly what would be sent. It keeps no addresses and no accounts.</p>
<h2>Drives</h2>
${drives.map(({ id, title, state, controller }) => markup`<section><h3>${title}</h3><p>${state === 'open' ? 'Open' : 'Closed'} · responsible: ${controller.name}, ${controller.contact}</p><p><a href="/v1/drives/${encodeURIComponent(id)}">facts</a> · <a href="/v1/log/${encodeURIComponent(id)}/checkpoint">log</a> · <a href="/v1/drives/${encodeURIComponent(id)}/withdrawals.jsonl">withdrawals</a></p></section>`)}
<h2>Interface</h2>
<p>Described in full by <a href="/openapi.json">openapi.json</a>.</p>
<table>
<thead><tr><th scope="col">Request</th><th scope="col">What it does</th></tr></thead>
<tbody>
${endpoints.map(({ method, path, summary }) => markup`<tr><td><code>${method} ${path}</code></td><td>${summary}</td></tr>`)}
</tbody>
</table>`,
  );
}

/** The page that the browser opens after the extension was removed. What it needs is in the fragment, which no server sees. */
export function goodbyePage(): string {
  return page(
    'Withdraw everything',
    markup`<h1>Attune is gone. Your feedback?</h1>
<p>What you sent stays in the dataset unless you withdraw it. One press deletes all of it from the collector, and tells everyone who has a copy to delete it, too.</p>
<p><button type="button" id="withdraw" disabled>Withdraw everything I sent</button></p>
<p id="state" role="status">This page needs JavaScript and the link that Attune gave to your browser.</p>
<p>Published versions that others have already downloaded are corrected by the public list of withdrawals; models that were trained meanwhile cannot unlearn.</p>`,
    '/assets/goodbye.js',
  );
}
