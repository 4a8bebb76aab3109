/** Whether a page is light or dark, from what it really paints: many chats have a theme of their own. */
export function pageTheme(document: Document): 'light' | 'dark' {
  for (const element of [document.body, document.documentElement]) {
    const channels = element && colourOf(getComputedStyle(element).backgroundColor);
    if (channels) return luminance(channels) < 0.4 ? 'dark' : 'light';
  }
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Red, green and blue of a computed colour; null when (nearly) see-through or in a notation we do not read. */
export function colourOf(computed: string): [number, number, number] | null {
  const match = /^rgba?\(([\d.]+),? ([\d.]+),? ([\d.]+)(?:[,/ ]+([\d.]+))?\)$/.exec(computed);
  if (!match || (match[4] !== undefined && Number(match[4]) < 0.5)) return null;
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

function luminance([red, green, blue]: [number, number, number]): number {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
