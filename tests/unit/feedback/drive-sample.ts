import type { DriveInfo } from '../../../feedback/schema/api.ts';

/** A drive as a collector describes it, for tests. */
export const SAMPLE_DRIVE: DriveInfo = {
  id: 'open',
  title: 'Attune community',
  state: 'open',
  locales: null,
  controller: { name: 'Example Association', address: '1 Example Street, Exampletown', contact: 'privacy@example.org', jurisdiction: 'Germany' },
  minimumAge: 16,
  retentionDays: 730,
  storageLocation: 'Germany',
  purposes: ['evaluate', 'train', 'publish-labels', 'publish-text', 'demographics', 'contact'],
  logKey: 'attune.example/open+00000000+AAAA',
};
