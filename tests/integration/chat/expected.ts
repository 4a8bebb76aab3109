/**
 * What a person read in each saved page: the first and last words of every answer, its length, and how its prompt begins.
 * The pages themselves are not part of the project (see captures.test.ts).
 */
export interface ExpectedAnswer {
  readonly first: string;
  readonly last: string;
  /** UTF-16 units. */
  readonly length: number;
  readonly prompt: string;
}

export const EXPECTED: Readonly<Record<string, readonly ExpectedAnswer[]>> = {
  'chatgpt/covai.html': [{ first: 'Here is a short', last: '4% Euler’s Identity: eiπ+1=0', length: 593, prompt: 'Please write a short' }],
  'chatgpt/nunca-citations.html': [
    { first: 'Quantum computing has seen', last: 'continue to push boundaries.', length: 318, prompt: 'Tell me about the' },
  ],
  'chatgpt/nunca-comprehensive.html': [
    {
      first: 'Web Development Technologies Comparison',
      last: 'modern web development practices.',
      length: 482,
      prompt: 'Create a comprehensive guide',
    },
  ],
  'chatgpt/nunca-deep-research-2026-07.html': [
    { first: 'A tidal mill trapped', last: 'they were worth dredging.', length: 282, prompt: 'Great! Now summarise that' },
  ],
  'chatgpt/nunca-formatting-showcase-2026-07.html': [
    { first: 'Fictional Widget Factory Bold', last: '} Inline: E=mc2 i=1∑3​i=6', length: 486, prompt: 'Reply with a short' },
  ],
  'chatgpt/nunca-longcode-160-lines-2026-07.html': [
    { first: 'Python x_001 = 001', last: '159 x_160 = 160', length: 1926, prompt: 'Output one fenced python' },
  ],
  'chatgpt/nunca-real-capture.html': [
    { first: 'As, the endpoint speaks', last: 'One KEEPS a Plain?', length: 1947, prompt: 'Yes You can point' },
    { first: 'Makes, it easy to', last: 'switch between them at?', length: 2096, prompt: 'History file and, prints' },
    { first: 'Token.! Yes you can', last: 'the same settings file?', length: 1469, prompt: 'Time, Without changing the' },
    { first: 'Pick, a profile —', last: 'side view of The?', length: 1737, prompt: 'which: means: one {configuration,covers,both,the}:' },
    { first: 'The underlying gateway is', last: 'move on to Picking?', length: 1646, prompt: 'Proposed change so 1:' },
    { first: 'Editing! A mid curl', last: 'expected shape. When the?', length: 1618, prompt: 'A profile that matches' },
    { first: 'Some, editors ship an', last: 'Is whether the token!', length: 1806, prompt: 'Reply arrives! You know' },
    { first: 'One. Finally — make', last: 'A quick 1 way.', length: 2123, prompt: 'Was copied completely because' },
    { first: 'Editor. — The extension', last: 'produce A Timeout that?', length: 2325, prompt: 'To, confirm The wiring' },
    { first: 'Move — on to', last: 'and the Address resolves.', length: 1798, prompt: 'Looks like An.authentication, problem' },
    { first: 'File, which means! One', last: 'first thing To check!', length: 1554, prompt: 'Correctly, from Your machine.' },
    { first: 'Finally — make sure', last: 'advertises tool support And.', length: 2174, prompt: 'Is whether the, address' },
    { first: 'Switch — to a', last: 'shape the client already?', length: 1962, prompt: 'Many Smaller profiles simply' },
  ],
  'claude/nunca-artifact-panel.html': [
    { first: 'Both pieces are below.', last: 'is the written version.', length: 181, prompt: 'Draft me a tide' },
  ],
  'claude/nunca-real-capture.html': [
    { first: 'Sure — this is', last: 'artifact, an interactive one:', length: 410, prompt: 'This is invented placeholder' },
  ],
  'copilot-m365/covai.html': [{ first: "I'd love to! Since", last: 'Club by Richard Osman', length: 174, prompt: 'Recommend a book for' }],
  'copilot/covai.html': [{ first: 'Here is the comparison', last: '37 Sweden ~$3,200 40', length: 229, prompt: 'Please write a short' }],
  'deepseek/covai.html': [{ first: 'I recently realized that', last: '44.0 6 5 eiπ+1=0', length: 442, prompt: 'Please write a short' }],
  'gemini/nunca-deep-research-2026-07.html': [
    { first: "Here's a research plan", last: 'it, let me know!', length: 77, prompt: 'How costly is a' },
    { first: "I've completed your research.", last: 'ask me follow-up questions.', length: 70, prompt: 'Start research' },
    { first: 'Feasibility Report: Rules-Based Equity', last: 'under fifty thousand euros.', length: 370, prompt: 'Start research' },
  ],
  'gemini/nunca-real-capture.html': [
    { first: 'Lift is generated through', last: 'The Car Window 🚗', length: 817, prompt: 'How does a wing' },
    { first: 'The 100 GSM paper', last: 'lighter 80 GSM version.', length: 786, prompt: 'Why does 100 GSM' },
    { first: 'I will generate a', last: 'Center of Pressure (CoP).', length: 1983, prompt: 'Give me the HTML' },
  ],
  'gemini/nunca-table-2026-07.html': [
    { first: 'Your Markdown file is', last: 'in non-correlated yield curves.', length: 515, prompt: 'Make a markdown table' },
  ],
  'mistral/covai.html': [{ first: 'Here you go: This', last: "3% Euler's Identity: eiπ+1=0", length: 370, prompt: 'Please write a short' }],
  'z-ai/covai.html': [
    { first: 'It is fascinating how', last: 'single, elegant expression: eiπ+1=0', length: 862, prompt: 'Please write a short' },
  ],
};
