/** All detectors, one file for each family (assumptions have two: the lexicon's, and conventions). */
import type { Detector } from '../context.ts';
import { address } from './address.ts';
import { assumptions } from './assumptions.ts';
import { conventions } from './conventions/index.ts';
import { norms } from './norms.ts';
import { stereotypes } from './stereotypes.ts';
import { terms } from './terms.ts';
import { tone } from './tone.ts';

export const DETECTORS: readonly Detector[] = [address, tone, stereotypes, terms, assumptions, conventions, norms];
