import type { ReactNode } from 'react';
import { message, uiLanguage } from '../extension/i18n.ts';
import { regionName } from '../extension/locales.ts';
import type { Evidence, Finding, SourceRef } from '../review/types.ts';
import { levelName, sureness, SURENESS } from './words.ts';

interface FindingDetailsProps {
  readonly finding: Finding;
  /** Of the audience, for "for readers in …". */
  readonly locale: string | null;
  /** Of the answer. */
  readonly language?: string | undefined;
  /** Buttons, between what to do and what it rests on. */
  readonly children?: ReactNode;
}

/** A finding, explained: what, how sure, why for this audience, what to do, on what evidence. Page text is only ever set as text. */
export function FindingDetails({ finding, locale, language, children }: FindingDetailsProps): ReactNode {
  const sure = sureness(finding.confidence);
  const { suggestion } = finding;
  return (
    <>
      <blockquote className="quote" dir="auto" lang={language && language !== 'und' ? language : undefined} data-attune="quote">
        {finding.quote}
      </blockquote>
      <p className="what" data-attune="what" dir="auto">
        {finding.message}
      </p>
      <p className="sure" data-attune="sure" data-level={sure}>
        <span className="dots" aria-hidden="true">
          {SURENESS.map((level, index) => (
            <i key={level} data-on={index <= SURENESS.indexOf(sure) ? '' : undefined} />
          ))}
        </span>
        {message(`sure.${sure}`)}
      </p>
      <p data-attune="why">
        <span className="label">{message('popover.whyFor', { place: locale ? regionName(locale, uiLanguage()) : '' })}</span>
        <span dir="auto" className="text">
          {finding.why}
        </span>
      </p>
      <p data-attune="suggestion">
        <span className="label">{message('popover.suggestion')}</span>
        <span dir="auto" className="text">
          {suggestion.text}
        </span>
        {suggestion.replacement !== undefined && (
          <span className="replacement" dir="auto">
            {suggestion.replacement}
          </span>
        )}
      </p>
      {children}
      <EvidenceList evidence={finding.evidence} rule={finding.rule} />
    </>
  );
}

/** One source in plain sight, for trust at a glance; all the rest one click away. */
function EvidenceList({ evidence, rule }: { evidence: readonly Evidence[]; rule: string }): ReactNode {
  const sources = evidence.flatMap((item) => (item.type === 'rule' ? item.sources : []));
  const dissent = evidence.flatMap((item) => (item.type === 'rule' && item.dissent !== undefined ? [item.dissent] : []));
  const [first, ...others] = sources;
  return (
    <div className="evidence" data-attune="evidence">
      {first && (
        <p>
          <span className="label">{message('popover.source')}</span>
          <SourceLine source={first} />
        </p>
      )}
      {dissent.length > 0 && (
        <details data-attune="dissent">
          <summary>{message('popover.dissent')}</summary>
          {dissent.map((text) => (
            <p key={text} dir="auto">
              {text}
            </p>
          ))}
        </details>
      )}
      <details>
        <summary>{message('popover.evidence')}</summary>
        <dl>
          {others.length > 0 && (
            <>
              <dt>{message('popover.moreSources')}</dt>
              <dd>
                {others.map((source, index) => (
                  <SourceLine key={`${index} ${source.title}`} source={source} />
                ))}
              </dd>
            </>
          )}
          <dt>{message('popover.rule')}</dt>
          <dd>
            <bdi>{rule}</bdi>
          </dd>
          {evidence.map((item, index) => (
            <EvidenceLines key={index} item={item} />
          ))}
        </dl>
        {!first && evidence.some(({ type }) => type === 'rule') && <p>{message('popover.noSource')}</p>}
      </details>
    </div>
  );
}

function SourceLine({ source }: { source: SourceRef }): ReactNode {
  const text = [source.title, source.publisher, source.year].filter((part) => part !== undefined).join(', ');
  return (
    <span style={{ display: 'block' }} dir="auto">
      {isWebAddress(source.url) ? (
        <a href={source.url} target="_blank" rel="noreferrer noopener">
          {text}
        </a>
      ) : (
        text
      )}
    </span>
  );
}

/** Packs are data from many hands: only plain web addresses become links. */
function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url);
}

function EvidenceLines({ item }: { item: Evidence }): ReactNode {
  switch (item.type) {
    case 'rule':
      return (
        <>
          <dt>{message('popover.pack')}</dt>
          <dd>{message('popover.packVersion', { pack: item.pack, version: item.version })}</dd>
          <dt>{message('popover.reviewed')}</dt>
          <dd>{levelName(item.level)}</dd>
        </>
      );
    case 'classifier':
      return (
        <>
          <dt>{message('popover.model')}</dt>
          <dd>{message('popover.modelScore', { model: `${item.model} (${item.head})`, score: Math.round(item.score * 100) })}</dd>
        </>
      );
    case 'count':
      return (
        <>
          <dt>{message('popover.counts')}</dt>
          <dd dir="auto">
            {Object.entries(item.counts)
              .map(([what, count]) => `${what}: ${count}`)
              .join(', ')}
          </dd>
        </>
      );
  }
}
