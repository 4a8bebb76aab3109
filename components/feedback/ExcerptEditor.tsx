import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { message } from '../../extension/i18n.ts';
import { assemble, type Span } from '../../feedback/record/parts.ts';
import { residualWords, type Edits, type Subject } from '../../feedback/record/record.ts';
import { findPersonalData, LABELS, type Hit } from '../../feedback/redact/redact.ts';
import { useNames } from './names.ts';
import { redactionName } from './words.ts';

interface ExcerptEditorProps {
  readonly subject: Subject;
  readonly edits: Edits;
  readonly region: string | null;
  readonly onEdits: (edits: Edits) => void;
}

/** A piece of one passage as it is shown. Offsets of the stretch. */
type Piece = { readonly start: number; readonly end: number } & ({ readonly type: 'plain' } | { readonly type: 'word'; readonly chosen: boolean; readonly residual: boolean } | { readonly type: 'label'; readonly hit: Hit['type'] });

/** The passages of the excerpt: each can be left out, each word replaced. Words are reached with the arrow keys. */
export function ExcerptEditor({ subject: { stretch, language }, edits, region, onEdits }: ExcerptEditorProps): ReactNode {
  const ownNames = useNames();
  const root = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const hits = useMemo(() => automaticHits(stretch, edits.kept, { region, language, ownNames: ownNames ?? [] }), [stretch, edits.kept, region, language, ownNames]);
  const residual = useMemo(() => residualWords(stretch.text, language), [stretch, language]);
  const flagged = ({ start, end }: Span): boolean => stretch.span !== null && start < stretch.span.end && end > stretch.span.start;
  let word = -1;

  function toggleWord({ start, end }: Span, chosen: boolean): void {
    onEdits({ ...edits, chosen: chosen ? edits.chosen.filter((each) => each.start !== start) : [...edits.chosen, { start, end }] });
  }

  function togglePart(index: number): void {
    const kept = new Set(edits.kept);
    if (!kept.delete(index)) kept.add(index);
    onEdits({ ...edits, kept });
  }

  /** One stop for Tab, arrows within: an excerpt has a hundred words. */
  function onKeyDown(event: KeyboardEvent): void {
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const by = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    const words = root.current?.querySelectorAll<HTMLButtonElement>('button.word') ?? [];
    const next = Math.min(Math.max(current + by, 0), words.length - 1);
    setCurrent(next);
    words[next]?.focus();
    event.preventDefault();
  }

  return (
    <>
      <p className="hint">{message('feedback.excerptHint')}</p>
      <div ref={root} className="excerpt" dir="auto" lang={language === 'und' ? undefined : language} role="group" aria-label={message('feedback.excerpt')} onKeyDown={onKeyDown} data-attune="excerpt">
        {stretch.parts.map((part, index) => {
          const kept = edits.kept.has(index);
          return (
            <div key={part.start} className={kept ? 'part' : 'part out'}>
              <p>
                {kept
                  ? pieces(stretch.text, part, language, hits, edits.chosen, residual).map((piece) => {
                      const text = stretch.text.slice(piece.start, piece.end);
                      if (piece.type === 'plain') return <span key={piece.start}>{text}</span>;
                      if (piece.type === 'label')
                        return (
                          <span key={piece.start} className="label-out" title={redactionName(piece.hit)} dir="ltr">
                            {LABELS[piece.hit]}
                          </span>
                        );
                      word += 1;
                      const own = word;
                      return (
                        <button
                          key={piece.start}
                          type="button"
                          className={['word', piece.chosen && 'chosen', piece.residual && 'residual', flagged(piece) && 'flagged'].filter(Boolean).join(' ')}
                          aria-pressed={piece.chosen}
                          aria-label={message(piece.chosen ? 'feedback.wordKeep' : 'feedback.wordReplace', { word: text })}
                          tabIndex={own === current ? 0 : -1}
                          onFocus={() => setCurrent(own)}
                          onClick={() => toggleWord(piece, piece.chosen)}
                        >
                          {piece.chosen ? LABELS.chosen : text}
                        </button>
                      );
                    })
                  : stretch.text.slice(part.start, part.end)}
              </p>
              {stretch.parts.length > 1 && (
                <button type="button" className="btn quiet" data-attune={`part-${index}`} onClick={() => togglePart(index)}>
                  {message(kept ? 'feedback.passageDrop' : 'feedback.passageKeep')}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </>
  );
}

/** What redaction replaces, in offsets of the stretch. */
function automaticHits(stretch: Subject['stretch'], kept: ReadonlySet<number>, options: Parameters<typeof findPersonalData>[1]): Hit[] {
  const { text, origin } = assemble(stretch, kept);
  return findPersonalData(text, options).map(({ start, end, type }) => ({ start: origin(start), end: origin(end - 1) + 1, type }));
}

function pieces(text: string, part: Span, language: string, hits: readonly Hit[], chosen: readonly Span[], residual: readonly Span[]): Piece[] {
  const segmenter = new Intl.Segmenter(language === 'und' ? 'en' : language, { granularity: 'word' });
  const result: Piece[] = [];
  const inside = hits.filter(({ start, end }) => start < part.end && end > part.start);
  for (const { segment, index, isWordLike } of segmenter.segment(text.slice(part.start, part.end))) {
    const start = part.start + index;
    const end = start + segment.length;
    const hit = inside.find((each) => start < each.end && end > each.start);
    if (hit) {
      const last = result.at(-1);
      if (last?.type === 'label' && last.start === hit.start) continue;
      result.push({ type: 'label', hit: hit.type, start: hit.start, end: hit.end });
    } else if (isWordLike) {
      result.push({ type: 'word', start, end, chosen: chosen.some((each) => each.start === start), residual: residual.some((each) => start < each.end && end > each.start) });
    } else result.push({ type: 'plain', start, end });
  }
  return result;
}
