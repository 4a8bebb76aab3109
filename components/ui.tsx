/** The few controls that the extension's pages share. All are native elements underneath. */
import { useId, type ReactNode } from 'react';
import { message } from '../extension/i18n.ts';
import { ForkIcon } from './icons.tsx';

export function Brand({ level = 'span', children }: { level?: 'span' | 'h1'; children: ReactNode }): ReactNode {
  const Tag = level;
  return (
    <Tag className="brand">
      <span className="brand-sign">
        <ForkIcon size={18} />
      </span>
      {children}
    </Tag>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly name?: string;
  readonly hint?: string | undefined;
  readonly onChange: (checked: boolean) => void;
}

export function Switch({ label, checked, name, hint, onChange }: SwitchProps): ReactNode {
  return (
    <label className="switch">
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
      <input type="checkbox" role="switch" data-attune={name} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}

interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly name?: string;
  readonly groups: readonly { readonly label?: string | undefined; readonly options: readonly { readonly value: V; readonly label: string }[] }[];
  readonly onChange: (value: V) => void;
}

export function Select<V extends string>({ label, value, name, groups, onChange }: SelectProps<V>): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} data-attune={name} onChange={(event) => onChange(event.currentTarget.value as V)}>
        {groups.map((group, index) => {
          const options = group.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ));
          return group.label === undefined ? (
            options
          ) : (
            <optgroup key={index} label={group.label}>
              {options}
            </optgroup>
          );
        })}
      </select>
    </div>
  );
}

/** A problem the reader should know of, in a calm box. */
export function Problem({ children }: { children: ReactNode }): ReactNode {
  return (
    <p className="problem" role="alert">
      {children}
    </p>
  );
}

export function SaveProblem({ reason }: { reason: string | null }): ReactNode {
  return reason === null ? null : <Problem>{message('common.notSaved', { reason })}</Problem>;
}
