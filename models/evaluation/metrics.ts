/** Area under the precision-recall curve as average precision: sum of precision times the step in recall, ties taken together. */
export function averagePrecision(scores: readonly number[], truth: readonly boolean[]): number {
  const order = scores.map((_, at) => at).sort((a, b) => scores[b]! - scores[a]!);
  const positives = truth.filter(Boolean).length;
  let sum = 0;
  let seen = 0;
  let hits = 0;
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]!]!;
    let gained = 0;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      seen++;
      if (truth[order[at]!]) gained++;
    }
    hits += gained;
    sum += (gained / positives) * (hits / seen);
  }
  return sum;
}

/** Mean of the F1 of every label that occurs in `truth` or `said`. */
export function macroF1(said: readonly string[], truth: readonly string[]): number {
  const labels = [...new Set([...said, ...truth])];
  const scores = labels.map((label) => {
    const both = said.filter((value, at) => value === label && truth[at] === label).length;
    const either = said.filter((value) => value === label).length + truth.filter((value) => value === label).length;
    return either === 0 ? 0 : (2 * both) / either;
  });
  return scores.reduce((a, b) => a + b, 0) / labels.length;
}

export function accuracy(said: readonly string[], truth: readonly string[]): number {
  return said.filter((value, at) => value === truth[at]).length / truth.length;
}
