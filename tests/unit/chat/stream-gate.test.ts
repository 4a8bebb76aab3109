import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DONE_STABLE_MS,
  firstSight,
  stepGate,
  STUCK_MS,
  writingAgain,
  type GateSignals,
  type GateState,
} from '../../../chat/stream-gate.ts';

const quiet: Omit<GateSignals, 'now'> = { onNode: false, onPage: false, isLast: true, isDone: false, changed: false };
const options = { stableMs: 1500 };

/** Plays looks at the answer: [time, signals]. */
function play(state: GateState, ...looks: readonly (readonly [number, Partial<GateSignals>])[]): GateState {
  return looks.reduce((current, [now, signals]) => stepGate(current, { ...quiet, ...signals, now }, options).state, state);
}

describe('stream gate', () => {
  it('settles an answer that was there when the page opened, once it stands still', () => {
    expect(play(firstSight(0), [1400, {}])).toMatchObject({ phase: 'generating' });
    expect(play(firstSight(0), [1500, {}])).toEqual({ phase: 'settled', at: 1500, why: 'stable' });
  });

  it('settles early on the site’s own sign, but not at once', () => {
    expect(play(firstSight(0), [DONE_STABLE_MS - 1, { isDone: true }]).phase).toBe('generating');
    expect(play(firstSight(0), [DONE_STABLE_MS, { isDone: true }])).toMatchObject({ phase: 'settled', why: 'done-mark' });
  });

  it('waits while the node says it is being written, however still the text is', () => {
    expect(play(firstSight(0), [100, { onNode: true }], [20_000, { onNode: true }])).toMatchObject({
      phase: 'generating',
      why: 'node-mark',
    });
    expect(play(firstSight(0), [20_000, { onNode: true }], [20_001, {}]).phase).toBe('settled');
  });

  it('waits through pauses while the stop control is there', () => {
    const state = play(firstSight(0), [100, { changed: true, onPage: true }], [9_000, { onPage: true }]);
    expect(state).toMatchObject({ phase: 'generating', why: 'stop-control' });
  });

  it('does not let the stop control of a new answer hold up the old ones', () => {
    expect(play(firstSight(0), [1500, { onPage: true, isLast: false }]).phase).toBe('settled');
    expect(play(firstSight(0), [1500, { onPage: true, isLast: true }]).phase).toBe('generating');
  });

  it('keeps two answers apart that are written at once', () => {
    const first = play(firstSight(0), [100, { changed: true, onPage: true, isLast: false }], [2000, { onPage: true, isLast: false }]);
    expect(first.phase).toBe('generating');
  });

  it('stays settled when a new prompt brings the stop control back', () => {
    expect(play({ phase: 'settled', at: 0, why: 'stable' }, [10, { onPage: true }], [20, { onPage: true, changed: true }]).phase).toBe(
      'settled',
    );
  });

  it('starts again when the node says so and changes', () => {
    expect(play({ phase: 'settled', at: 0, why: 'stable' }, [10, { onNode: true, changed: true }])).toMatchObject({
      phase: 'generating',
      changedAt: 10,
    });
  });

  it('settles again after an edit', () => {
    expect(play(writingAgain(0), [1000, { changed: true }], [2000, {}]).phase).toBe('generating');
    expect(play(writingAgain(0), [1000, { changed: true }], [2500, {}]).phase).toBe('settled');
  });

  it('does not believe a sign that stays for ever', () => {
    expect(play(firstSight(0), [STUCK_MS, { onNode: true }])).toMatchObject({ phase: 'settled', why: 'signals-stuck' });
  });

  it('says when to look again, and looking then is enough', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ wait: fc.nat(3000), changed: fc.boolean() }), { maxLength: 20 }), (changes) => {
        let now = 0;
        let state = firstSight(0);
        for (const { wait, changed } of changes) {
          now += wait;
          state = state.phase === 'settled' && changed ? writingAgain(now) : stepGate(state, { ...quiet, now, changed }, options).state;
        }
        const step = stepGate(state, { ...quiet, now }, options);
        if (step.state.phase === 'settled') expect(step.lookAgainIn).toBeNull();
        else {
          expect(step.lookAgainIn).toBeGreaterThan(0);
          expect(stepGate(step.state, { ...quiet, now: now + step.lookAgainIn! }, options).state.phase).toBe('settled');
        }
      }),
    );
  });

  it('never settles sooner than the text stood still', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1499), { minLength: 1, maxLength: 30 }), (pauses) => {
        let now = 0;
        let state = firstSight(0);
        for (const pause of pauses) {
          now += pause;
          state = stepGate(state, { ...quiet, now, changed: true }, options).state;
          expect(state.phase).toBe('generating');
        }
      }),
    );
  });
});
