import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withRequiredInputs } from '../../review/classifier/adapter-inputs.ts';
import { ModelError } from '../../review/classifier/config.ts';
import { tinyGraph } from '../fixtures/tiny-model.ts';

const NAMES = ['adapter_scale', 'adapter_shift'];

describe('inputs with a default become required', () => {
  test('by leaving out their initialisers: all other bytes stay, whatever the length of the file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), (ballast) => {
        expect(Buffer.compare(withRequiredInputs(tinyGraph({ ballast }).model, NAMES), tinyGraph({ ballast, defaults: false }).model)).toBe(0);
      }),
      { numRuns: 60, examples: [[0], [4000], [9000]] },
    );
  });

  test.each([
    ['no such input', tinyGraph({ adapters: false }).model, NAMES, /no input adapter_scale/],
    ['an input without a default', tinyGraph({ defaults: false }).model, NAMES, /adapter_scale does not have exactly one initialiser/],
    ['no bytes', new Uint8Array(), NAMES, /exactly one graph/],
    ['two graphs', Uint8Array.of(0x3a, 0, 0x3a, 0), NAMES, /exactly one graph/],
    ['a length beyond the end', Uint8Array.of(0x3a, 0x7f, 1), NAMES, /ends too early/],
    ['an endless length', new Uint8Array(30).fill(0xff), NAMES, /cannot be read/],
    ['groups, which ONNX has not', Uint8Array.of(0x3b), NAMES, /not an ONNX file/],
  ])('%s is refused with a reason', (_, model, names, reason) => {
    expect(() => withRequiredInputs(model, names)).toThrow(ModelError);
    expect(() => withRequiredInputs(model, names)).toThrow(reason);
  });

  test('cut off or changed anywhere, a file gives bytes or a ModelError, nothing else', () => {
    const { model } = tinyGraph();
    const attempt = (bytes: Uint8Array) => {
      try {
        expect(withRequiredInputs(bytes, NAMES).length).toBeLessThan(bytes.length + 1);
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
      }
    };
    for (let length = 0; length < model.length; length++) attempt(model.subarray(0, length));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = model.slice();
        for (const [at, value] of changes) bytes[at] = value;
        attempt(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
