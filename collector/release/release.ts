/** The front door of releases: consented records in, a folder of files out. The same input gives the same bytes. */
import { draftAnnotations } from './annotations.ts';
import { croissant } from './croissant/describe.ts';
import { ANNOTATION_FIELDS, ITEM_FIELDS, SPLITS, type Annotation, type Item } from './fields.ts';
import { citation, datasetCard, datasheet, licenceText } from './documents.ts';
import { checksums, type ReleaseFiles } from './files.ts';
import { itemsOf } from './items.ts';
import { anonymise } from './k-anonymity.ts';
import { RELEASE_SCHEMA, releaseMeta, type DocumentContext, type ReleaseMeta, type ReleaseSummary } from './meta.ts';
import type { SourceRow } from './source.ts';
import { leakage } from './splits.ts';
import { agreementFigures } from './statistics.ts';
import { csv, jsonLines, parquet } from './tables.ts';

export interface ReleaseOptions extends Pick<ReleaseMeta, 'drive' | 'title' | 'version' | 'date' | 'access' | 'k' | 'demographics' | 'controller' | 'url' | 'logKey' | 'withdrawalsApplied'> {
  /** Secret of this release, destroyed after it is published. */
  readonly salt: Uint8Array;
}

export interface Release {
  readonly meta: ReleaseMeta;
  readonly files: ReleaseFiles;
  readonly summary: ReleaseSummary;
}
/** Nothing may be published; `message` says why, in numbers. */
export class NothingToPublish extends Error {
  override name = 'NothingToPublish';
}

/** @throws NothingToPublish when consent and k leave no row */
export function buildRelease(source: readonly SourceRow[], { salt, ...said }: ReleaseOptions): Release {
  const { annotations, leftOut } = draftAnnotations(source, { salt, demographics: said.demographics });
  const { rows, suppressed } = anonymise(annotations, said.k);
  if (rows.length === 0) {
    throw new NothingToPublish(`Nothing can be published: of ${source.length} submissions ${leftOut['no-consent-to-publish']} have no consent to publish, ${leftOut.blocked} are blocked, and ${suppressed} come from fewer than ${said.k} people a locale.`);
  }
  const months = source.map(({ record }) => record.createdOn.slice(0, 7)).sort();
  const meta: ReleaseMeta = { schema: RELEASE_SCHEMA, ...said, months: [months[0]!, months.at(-1)!], leftOut: { ...leftOut, 'too-few-people': suppressed } };
  return renderRelease(rows, meta);
}

/** Writes what may be published, with everything that is computed from it; also used when withdrawals are applied to a copy. */
export function renderRelease(annotations: readonly Annotation[], meta: ReleaseMeta): Release {
  const items = itemsOf(annotations);
  const figures = agreementFigures(annotations);
  const summary = summarise(annotations, items);
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array) => files.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  put('data/annotations.jsonl', jsonLines(annotations, ANNOTATION_FIELDS));
  put('data/annotations.parquet', parquet(annotations, ANNOTATION_FIELDS));
  put('data/items.jsonl', jsonLines(items, ITEM_FIELDS));
  put('data/items.parquet', parquet(items, ITEM_FIELDS));
  put('data/labels.csv', csv(annotations, ANNOTATION_FIELDS));
  put('agreement.json', pretty(figures));
  // Parsed: keys in the order of the schema, whoever made the object.
  put('release.json', pretty(releaseMeta.parse(meta)));
  const context: DocumentContext = { meta, summary, figures };
  put('README.md', datasetCard(context));
  put('DATASHEET.md', datasheet(context));
  put('CITATION.cff', citation(meta));
  put('LICENSE.md', licenceText(meta));
  put('croissant.json', pretty(croissant(context, files)));
  put('SHA256SUMS', checksums(files));
  return { meta, files, summary };
}

function summarise(annotations: readonly Annotation[], items: readonly Item[]): ReleaseSummary {
  return {
    annotations: annotations.length,
    items: items.length,
    raters: new Set(annotations.map(({ rater }) => rater)).size,
    locales: [...new Set(annotations.map(({ locale }) => locale))].sort(),
    splits: Object.fromEntries(SPLITS.map((split) => [split, annotations.filter((row) => row.split === split).length])),
    leakage: leakage(annotations),
  };
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
