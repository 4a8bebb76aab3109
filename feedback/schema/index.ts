/** The contract between the extension, the collector and the releases. */
export * from './api.ts';
export * from './consent.ts';
export * from './primitives.ts';
export * from './submission.ts';
export * from './taxonomy.ts';
