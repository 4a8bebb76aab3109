/** Our own small line icons. Decorative always: the control around them carries the name. */
import type { ReactNode } from 'react';

function Icon({ size = 16, className, children }: { size?: number; className?: string | undefined; children: ReactNode }): ReactNode {
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** The tuning fork: Attune's sign. */
export function ForkIcon({ size = 14 }: { size?: number }): ReactNode {
  return (
    <Icon size={size}>
      <path d="M5 1.8v5a3 3 0 0 0 6 0v-5M8 9.8v4.6" />
    </Icon>
  );
}
export function CloseIcon(): ReactNode {
  return (
    <Icon>
      <path d="M4 4l8 8M12 4l-8 8" />
    </Icon>
  );
}
export function PreviousIcon(): ReactNode {
  return (
    <Icon className="flip-rtl">
      <path d="M10 3.5 5.5 8l4.5 4.5" />
    </Icon>
  );
}
export function NextIcon(): ReactNode {
  return (
    <Icon className="flip-rtl">
      <path d="M6 3.5 10.5 8 6 12.5" />
    </Icon>
  );
}
export function WarnIcon(): ReactNode {
  return (
    <Icon size={14}>
      <path d="M8 3.2v6M8 12.4v.2" />
    </Icon>
  );
}
