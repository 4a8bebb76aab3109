export const BROWSER_CACHE: string;
export function chromiumPath(): string | undefined;
export function firefoxPath(): string | undefined;
