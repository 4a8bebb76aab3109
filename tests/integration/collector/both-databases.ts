/** The same tests on both ways to PostgreSQL: the one that the collector brings along, and a server named by its address. */
import { afterAll, beforeAll, describe } from 'vitest';
import { plainServer, removeFolder, testCollector, type TestCollector } from './harness.ts';

/**
 * @param tests declares the tests; `its()` is the collector under test, from `beforeAll` on, and `logged` the lines that it has logged
 */
export function onBothDatabases(tests: (its: () => TestCollector, logged: readonly string[]) => void): void {
  let server: Awaited<ReturnType<typeof plainServer>>;
  beforeAll(async () => {
    server = await plainServer();
  });
  afterAll(() => server.stop());

  describe.each([
    ['the embedded PostgreSQL', () => Promise.resolve(undefined)],
    ['a PostgreSQL server named by its address', () => server.newDatabase()],
  ])('on %s', (_, newDatabase) => {
    let collector: TestCollector;
    const logged: string[] = [];
    beforeAll(async () => {
      const databaseUrl = await newDatabase();
      collector = await testCollector({ databaseUrl, logger: { level: 'trace', stream: { write: (line: string) => logged.push(line) } } });
    });
    afterAll(async () => {
      await collector.stop();
      removeFolder(collector.data);
    });

    tests(() => collector, logged);
  });
}
