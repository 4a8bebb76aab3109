/** Describes a release as Croissant 1.1 with the RAI vocabulary (https://docs.mlcommons.org/croissant/). */
import { ANNOTATION_FIELDS, ITEM_FIELDS, type Field, type FieldType } from '../fields.ts';
import { responsibleUse } from '../documents.ts';
import { sha256, type ReleaseFiles } from '../files.ts';
import type { DocumentContext } from '../meta.ts';
import { CONTEXT } from './context.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = { jsonl: 'application/jsonlines', parquet: 'application/x-parquet', csv: 'text/csv' };
const DATA_TYPES = { text: 'sc:Text', integer: 'sc:Integer', number: 'sc:Float', boolean: 'sc:Boolean' } as const satisfies Record<FieldType, string>;

export function croissant(context: DocumentContext, files: ReleaseFiles): object {
  const { meta, summary } = context;
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    name: `attune-${meta.drive}`,
    description: `${meta.title}. Judgements by local readers of what fits their culture in chatbots' answers: ${summary.annotations} judgements of ${summary.items} items by ${summary.raters} raters in ${summary.locales.length} locales.`,
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    license: 'https://creativecommons.org/licenses/by/4.0/',
    url: meta.url,
    version: meta.version,
    datePublished: meta.date,
    inLanguage: [...new Set(summary.locales.map((locale) => locale.split('-')[0]!))],
    keywords: ['culture', 'language models', 'participatory evaluation', 'disagreement', 'stereotypes', 'politeness'],
    creator: { '@type': 'sc:Organization', name: meta.controller.name },
    publisher: { '@type': 'sc:Organization', name: meta.controller.name },
    citeAs: `${meta.controller.name} (${meta.date.slice(0, 4)}). ${meta.title}, version ${meta.version}. ${meta.url}`,
    usageInfo: `${meta.url}/blob/main/LICENSE.md`,
    isLiveDataset: false,
    ...responsibleUse(context),
    distribution: [...files].filter(([name]) => name.startsWith('data/')).map(([name, bytes]) => ({
      '@type': 'cr:FileObject',
      '@id': name,
      name,
      description: descriptionOf(name),
      contentUrl: name,
      contentSize: `${bytes.length} B`,
      encodingFormat: MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)],
      sha256: sha256(bytes),
    })),
    recordSet: [
      recordSet('annotations', 'One judgement by one person.', ANNOTATION_FIELDS, 'data/annotations.parquet'),
      recordSet('items', 'One judged item with the distribution of judgements and three aggregates.', ITEM_FIELDS, 'data/items.parquet'),
    ],
  };
}

function descriptionOf(name: string): string {
  const what = name.includes('items') ? 'Judged items' : 'Judgements';
  return name.endsWith('.csv') ? `${what} without free text, as CSV.` : `${what}, as ${name.endsWith('.parquet') ? 'Parquet' : 'JSON lines'}.`;
}

function recordSet<Row>(id: string, description: string, fields: readonly Field<Row>[], file: string): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    description,
    field: fields.map(({ name, type, description: what }) => ({
      '@type': 'cr:Field',
      '@id': `${id}/${name}`,
      name,
      description: what,
      dataType: DATA_TYPES[type],
      source: { fileObject: { '@id': file }, extract: { column: name } },
    })),
  };
}
