/** The community server that this Attune was built for, if any. */
import { BUILT_FOR } from './built.ts';
import { driveInfo, type DriveInfo } from '../../feedback/schema/api.ts';

export interface Community {
  /** Origin of the collector. */
  readonly collector: string;
  /** Who keeps the data, and how: part of the package, so that the consent page can be shown without asking anybody. */
  readonly info: DriveInfo;
}

function read(): Community | null {
  return BUILT_FOR && { collector: BUILT_FOR.collector, info: driveInfo.parse(BUILT_FOR.info) };
}

/** Read when it is first needed: most pages never do. */
let community: Community | null | undefined;
export function ownCommunity(): Community | null {
  return (community ??= read());
}
