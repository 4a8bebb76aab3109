/** Near copies by MinHash (Broder 1997): the signatures of models/training/attune_training/duplicates.py. */
import { fingerprint } from './data.ts';

/** The 32 permutations `x → A·x + B mod 2³²` that the training draws (numpy, seed 5). */
const A = [
  1440510677, 1728730615, 48647419, 1735039635, 1006851809, 1106653215, 1353417275, 613753791, 2103511159, 115815301, 596836681, 823278403, 1226609123, 877189529, 281451239, 97227739,
  2180443, 104706387, 319577161, 2145714369, 410131243, 1400951999, 1611168695, 503606823, 606100191, 934042757, 565298529, 2092048921, 381654051, 1927747985, 1713023725, 1812972349,
];
const B = [
  248528775, 842682600, 1348684713, 1058758870, 1429937343, 1453179317, 1423623578, 130572831, 2059650245, 1193133575, 1940276862, 582937881, 776354507, 1889036510, 401370275, 137899454,
  802958358, 1458531236, 262523154, 1868500831, 732407263, 488162815, 1169196226, 1922960451, 1898231194, 1873025505, 658136741, 39765422, 1671048924, 1519335161, 1655660902, 2576300,
];
const GRAM = 5;
const [BANDS, BAND_ROWS] = [8, 4];
/** Share of minima that must agree: an estimate of the Jaccard similarity of the 5-grams. */
const NEAR = 0.75;

/** The minima of the hashed character 5-grams of the fingerprint. */
export function signature(text: string): Uint32Array {
  const points = Array.from(fingerprint(text).padEnd(GRAM, '_'), (character) => character.codePointAt(0)!);
  const minima = new Uint32Array(A.length).fill(0xffff_ffff);
  for (let at = 0; at + GRAM <= points.length; at++) {
    let hashed = 0;
    for (let next = at; next < at + GRAM; next++) hashed = (Math.imul(hashed, 1_000_003) + points[next]!) | 0;
    for (let row = 0; row < A.length; row++) {
      const value = (Math.imul(hashed, A[row]!) + B[row]!) >>> 0;
      if (value < minima[row]!) minima[row] = value;
    }
  }
  return minima;
}

/** @returns whether a text is nearly one of `texts` (at least {@link NEAR} of the minima agree, within a shared band of 4) */
export function nearCopiesOf(texts: Iterable<string>): (text: string) => boolean {
  const bands = new Map<string, Uint32Array[]>();
  for (const text of texts) {
    const signed = signature(text);
    for (const key of bandKeys(signed)) {
      const known = bands.get(key);
      if (known === undefined) bands.set(key, [signed]);
      else known.push(signed);
    }
  }
  return (text) => {
    const signed = signature(text);
    return bandKeys(signed).some((key) => bands.get(key)?.some((other) => signed.filter((value, at) => value === other[at]).length >= NEAR * A.length) === true);
  };
}

const bandKeys = (signed: Uint32Array) => Array.from({ length: BANDS }, (_, band) => `${band}:${signed.subarray(band * BAND_ROWS, (band + 1) * BAND_ROWS).join()}`);
