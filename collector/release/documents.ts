/** The words around the data: dataset card, datasheet, citation, licence and RAI fields, all from the same figures. */
import { ANNOTATION_FIELDS, ITEM_FIELDS, type Field } from './fields.ts';
import { QUASI_IDENTIFIERS } from './k-anonymity.ts';
import type { DocumentContext, ReleaseMeta } from './meta.ts';
import { SAME_FROM } from './near-duplicates.ts';

/** Said once, used by card, datasheet and Croissant. Plain texts without Markdown. */
function statements({ meta, summary }: DocumentContext) {
  const left = meta.leftOut;
  return {
    collection: `Readers who use the Attune browser extension judged marks on chatbots' answers, reported passages that should have been marked, or rated whole answers. Nothing was sent before they had seen the exact record and pressed Submit. Consent was given for each purpose separately.`,
    timeframe: meta.months === null ? 'Unknown.' : `${meta.months[0]} to ${meta.months[1]}.`,
    missing: `${left['no-consent-to-publish']} submissions without consent to publication, ${left.blocked} in which a later check found what may be personal data, and ${left['too-few-people']} from groups of fewer than ${meta.k} people are not included. Null in severity, helpful, harmless or honest means "cannot judge" where the question was asked. Texts are null without consent to publish text.`,
    redaction: `E-mail addresses, telephone numbers, account, card and identity numbers, addresses, links with tokens and names on the reader's own list were replaced by labels in the browser, shown to the reader, and checked again by the collector. What no pattern recognises may remain: report it, and it will be withdrawn.`,
    preprocessing: `Excerpts are the judged passage and its neighbours, never the prompt. Near-duplicates (Jaccard of character n-grams at least ${SAME_FROM}) are grouped, not removed.`,
    people: `${summary.raters} raters, pseudonymous; a pseudonym holds within this release and one locale. ${meta.demographics ? 'Age band and gender are included where raters allowed it.' : 'Age and gender are not included.'} Every combination of ${QUASI_IDENTIFIERS.join(', ')} is shared by at least ${meta.k} raters; attributes, then rows, were given up to reach this, also where the rows left over would have stood out.`,
    splits: `A group of near-duplicates and a rater are never in two splits (share of validation and test rows whose group, rater is in train: ${summary.leakage.groups}, ${summary.leakage.raters}). Rows that would be in two are in split "none".`,
    analysis: `Ratings are published as they were given, one row a rater. Items carry the distribution beside majority, one-coin Dawid-Skene and MACE, both fitted within a locale. Krippendorff's alpha with bootstrap intervals is in agreement.json, by locale and kind. Low agreement is a finding about the question, not a fault of the raters.`,
    biases: `Raters are people who chose to install an extension and to give feedback; they do not represent their locale. What they judged was chosen by Attune's rules and model, except for missed passages. They mostly saw the mark before they judged (mark_shown), which draws judgements towards it.`,
    limits: `No judgement says what "people in a country" think. Few raters a locale; excerpts without the conversation; severity scales are used differently by different people.`,
    uses: `Evaluating and improving tools that help people read chatbots' answers; research into disagreement. may_train says for each row whether training was allowed.`,
    notUses: `Scoring or comparing national characters; deciding about individuals; finding out who a rater is; generating stereotypes or insults.`,
    maintenance: `Withdrawals are published as a signed list of ids within 30 days and rows leave the next release; "attune release apply-withdrawals" removes them from a copy. When rows vanish the major version grows. Models that were trained on them do not unlearn by this.`,
  };
}

/** RAI fields of Croissant (http://mlcommons.org/croissant/RAI/1.0), and ODRL-like terms in words. */
export function responsibleUse(context: DocumentContext): Record<string, unknown> {
  const said = statements(context);
  return {
    'rai:dataCollection': said.collection,
    'rai:dataCollectionType': ['Crowdsourcing', 'Software Collection'],
    'rai:dataCollectionTimeframe': context.meta.months ?? [],
    'rai:dataCollectionMissingData': said.missing,
    'rai:dataPreprocessingProtocol': [said.preprocessing],
    'rai:dataManipulationProtocol': said.redaction,
    'rai:dataAnnotationProtocol': said.collection,
    'rai:dataAnnotationPlatform': ['Attune browser extension'],
    'rai:dataAnnotationAnalysis': [said.analysis],
    'rai:annotationsPerItem': String(Math.round((context.summary.annotations / Math.max(1, context.summary.items)) * 100) / 100),
    'rai:annotatorDemographics': [said.people],
    'rai:machineAnnotationTools': ['Attune rules and classifier (columns mark_*)'],
    'rai:personalSensitiveInformation': [said.redaction, said.people],
    'rai:dataSocialImpact': said.uses,
    'rai:dataBiases': [said.biases],
    'rai:dataLimitations': [said.limits],
    'rai:dataUseCases': [said.uses, `Not for: ${said.notUses}`],
    'rai:dataReleaseMaintenancePlan': said.maintenance,
  };
}

/** A Hugging Face dataset card; its YAML head holds only values made here or checked by schemas, as JSON (which YAML reads). */
export function datasetCard(context: DocumentContext): string {
  const { meta, summary, figures } = context;
  const said = statements(context);
  const head = {
    license: 'cc-by-4.0',
    pretty_name: meta.title,
    language: [...new Set(summary.locales.map((locale) => locale.split('-')[0]!))],
    task_categories: ['text-classification'],
    annotations_creators: ['crowdsourced'],
    language_creators: ['machine-generated'],
    size_categories: [sizeCategory(summary.annotations)],
    configs: [
      { config_name: 'annotations', data_files: 'data/annotations.parquet' },
      { config_name: 'items', data_files: 'data/items.parquet' },
    ],
    ...(meta.access === 'gated' ? { extra_gated_prompt: 'You agree not to identify raters and to apply published withdrawals within 30 days.' } : {}),
  };
  return `---
${Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n')}
---

# ${line(meta.title)}

Version ${meta.version}, ${meta.date}. Drive \`${meta.drive}\`. ${line(meta.controller.name)}.

${said.collection}

| | |
|---|---|
| judgements | ${summary.annotations} |
| judged items | ${summary.items} |
| raters | ${summary.raters} |
| locales | ${summary.locales.join(', ')} |
| splits | ${Object.entries(summary.splits).map(([split, rows]) => `${split} ${rows}`).join(', ')} |
| time | ${said.timeframe} |

## Uses
${said.uses}

### Out-of-scope use
${said.notUses}

## Structure
\`data/annotations\` (JSON lines, Parquet): one judgement by one person. \`data/labels.csv\`: the same without free text. \`data/items\`: one judged item.

${fieldTable('annotations', ANNOTATION_FIELDS)}

${fieldTable('items', ITEM_FIELDS)}

### Splits
${said.splits}

## Annotation process
${said.analysis}

### Agreement
Krippendorff's alpha (nominal for verdicts, ordinal for scales), 95 % bootstrap interval over items.

| locale | kind | measure | alpha | interval | items | ratings |
|---|---|---|---|---|---|---|
${figures.map(({ locale, kind, measure, alpha, interval, reason, units, ratings }) => `| ${locale} | ${kind ?? 'answer'} | ${measure} | ${alpha === null ? `none: ${reason}` : alpha.toFixed(3)} | ${interval === null ? '' : interval.map((end) => end.toFixed(3)).join(' to ')} | ${units} | ${ratings} |`).join('\n')}

### Who are the annotators
${said.people}

## Personal and sensitive information
${said.redaction}

## Bias, risks and limits
${said.biases} ${said.limits}

## What is not included
${said.missing}

## Maintenance, withdrawals and versions
${said.maintenance} Withdrawals applied to this copy: ${meta.withdrawalsApplied} lines of the list.

## Licence
See LICENSE.md. Contact: ${line(meta.controller.contact)}
`;
}

function sizeCategory(rows: number): string {
  const bounds = [[1e3, 'n<1K'], [1e4, '1K<n<10K'], [1e5, '10K<n<100K'], [1e6, '100K<n<1M']] as const;
  return bounds.find(([most]) => rows < most)?.[1] ?? '1M<n<10M';
}

/** Configured text inside Markdown: one line, and no markup of its own. */
function line(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|!]/g, String.raw`\$&`);
}

function fieldTable<Row>(name: string, fields: readonly Field<Row>[]): string {
  return `| ${name} | type | |\n|---|---|---|\n${fields.map((field) => `| ${field.name} | ${field.type}${field.nullable ? ', may be null' : ''} | ${field.description} |`).join('\n')}`;
}

/** Answers the questions of "Datasheets for Datasets" (Gebru et al. 2021). */
export function datasheet(context: DocumentContext): string {
  const { meta, summary } = context;
  const said = statements(context);
  const sections: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['Motivation', [
      ['For what purpose was the dataset created?', said.uses],
      ['Who created it, and who is responsible?', `${line(meta.controller.name)}; contact: ${line(meta.controller.contact)}`],
    ]],
    ['Composition', [
      ['What do the instances represent?', 'Judgements by people of marked passages, missed passages and whole answers of chatbots.'],
      ['How many instances are there?', `${summary.annotations} judgements of ${summary.items} items by ${summary.raters} raters in ${summary.locales.length} locales.`],
      ['Is it a sample?', said.biases],
      ['Is any information missing?', said.missing],
      ['Are there recommended splits?', said.splits],
      ['Are there errors, noise or redundancies?', said.preprocessing],
      ['Does it contain data that might be offensive?', 'Yes: excerpts were marked because they may hurt or stereotype. They are there to be judged, not to be repeated.'],
      ['Does it identify sub-populations? Can individuals be identified?', said.people],
    ]],
    ['Collection', [
      ['How was the data acquired?', said.collection],
      ['Over what time?', said.timeframe],
      ['Did people consent, and can they revoke?', `Yes, for each purpose, under a notice whose exact text is on record by its hash. ${said.maintenance}`],
    ]],
    ['Preprocessing, cleaning, labelling', [
      ['What was done?', `${said.redaction} ${said.preprocessing}`],
      ['Is the raw data kept?', 'Text before redaction never left the reader\'s browser.'],
    ]],
    ['Uses', [
      ['What could it be used for?', said.uses],
      ['What should it not be used for?', said.notUses],
      ['What might affect future uses?', said.limits],
    ]],
    ['Distribution', [
      ['How and under which licence?', `${meta.access === 'open' ? 'Open' : 'Gated'}; see LICENSE.md.`],
    ]],
    ['Maintenance', [
      ['Who maintains it, and how are updates made?', said.maintenance],
      ['Can others contribute?', 'Yes: through the Attune browser extension, in an open drive.'],
    ]],
  ];
  return `# Datasheet: ${line(meta.title)}, version ${meta.version}\n\n${sections.map(([title, questions]) => `## ${title}\n\n${questions.map(([question, answer]) => `**${question}** ${answer}`).join('\n\n')}`).join('\n\n')}\n`;
}

/** Citation File Format 1.2.0. */
export function citation(meta: ReleaseMeta): string {
  return [
    'cff-version: 1.2.0',
    'message: If you use this data set, please cite it.',
    'type: dataset',
    `title: ${JSON.stringify(meta.title)}`,
    `version: ${JSON.stringify(meta.version)}`,
    `date-released: ${JSON.stringify(meta.date)}`,
    `url: ${JSON.stringify(meta.url)}`,
    'license: CC-BY-4.0',
    'authors:',
    `  - name: ${JSON.stringify(meta.controller.name)}`,
    '',
  ].join('\n');
}

export function licenceText(meta: ReleaseMeta): string {
  return `# Licence and terms of use

**Judgements and raters' own words** (all columns but \`text\`): Creative Commons Attribution 4.0 International (CC-BY-4.0),
https://creativecommons.org/licenses/by/4.0/. Attribution: ${line(meta.controller.name)}, "${line(meta.title)}", version ${meta.version}.

**Excerpts of chatbots' answers** (column \`text\`) are short quotations for research and criticism. The terms of the chatbots' providers
may apply to them; no licence is granted here for what is not ours.

By using this data you agree
1. not to try to find out who a rater or a person in a text is, nor to join the data with other data to that end;
2. to apply the published list of withdrawals to your copy and to what you derive from it and pass on, at least every 30 days (\`attune release apply-withdrawals\`);
3. to respect \`may_train\`: rows where it is false are for evaluation only;
4. to pass these terms on with the data.
`;
}
