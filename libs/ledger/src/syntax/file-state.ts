import type { Faults } from '../faults';
import type { ParsedDirective } from '../incomplete';
import type { Meta, MetaValue, SourceLocation } from '../model';
import { defaultOptions, NAME_OPTIONS, setOption, type FileOptions } from '../options';

export interface PluginName {
  readonly name: string;
  readonly config: string | undefined;
}

export interface Include {
  readonly pattern: string;
  readonly location: SourceLocation;
}

/** What reading one file gathers: its directives, its options, and the tags and metadata that are pushed at the moment. */
export class FileState {
  readonly entries: ParsedDirective[] = [];
  readonly options: FileOptions = defaultOptions();
  readonly plugins: PluginName[] = [];
  readonly includes: Include[] = [];
  private readonly tags: string[] = [];
  private readonly pushedMeta = new Map<string, MetaValue[]>();
  private readonly accounts = new Map<string, string>();
  private accountPattern = accountPattern(this.options);

  constructor(
    readonly file: string,
    private readonly faults: Faults,
  ) {}

  report(location: SourceLocation, message: string): void {
    this.faults.report(location, message);
  }

  /** The one instance of the account's name; reports a name that is not under a root account. */
  account(name: string, location: SourceLocation): string {
    const known = this.accounts.get(name);
    if (known !== undefined) return known;
    if (!this.accountPattern.test(name)) this.report(location, `Invalid account name: ${name}`);
    else this.accounts.set(name, name);
    return name;
  }

  option(key: string, value: string, location: SourceLocation): void {
    const includes = this.options.includes.length;
    for (const fault of setOption(this.options, key, value)) this.report(location, fault);
    for (const pattern of this.options.includes.slice(includes)) this.includes.push({ pattern, location });
    if (!key.startsWith('name_')) return;
    this.accountPattern = accountPattern(this.options);
    this.accounts.clear();
  }

  pushTag(tag: string): void {
    this.tags.push(tag);
  }

  popTag(tag: string, location: SourceLocation): void {
    const index = this.tags.indexOf(tag);
    if (index < 0) this.report(location, `Attempting to pop absent tag: '${tag}'`);
    else this.tags.splice(index, 1);
  }

  pushMeta(key: string, value: MetaValue): void {
    const values = this.pushedMeta.get(key);
    if (values === undefined) this.pushedMeta.set(key, [value]);
    else values.push(value);
  }

  popMeta(key: string, location: SourceLocation): void {
    const values = this.pushedMeta.get(key);
    values?.pop();
    if (values === undefined) this.report(location, `Attempting to pop absent metadata key: '${key}'`);
    else if (values.length === 0) this.pushedMeta.delete(key);
  }

  /** A transaction's tags with those that are pushed. */
  withPushedTags(tags: ReadonlySet<string>): readonly string[] {
    return this.tags.length === 0 ? [...tags] : [...new Set([...tags, ...this.tags])];
  }

  /** A transaction's metadata over what is pushed. */
  withPushedMeta(meta: Meta): Meta {
    if (this.pushedMeta.size === 0) return meta;
    const result = new Map<string, MetaValue>();
    for (const [key, values] of this.pushedMeta) {
      const value = values.at(-1);
      if (value !== undefined) result.set(key, value);
    }
    for (const [key, value] of meta) result.set(key, value);
    return result;
  }

  /** Reports what was pushed and never popped. */
  finish(): void {
    const location = { file: this.file, line: 0 };
    for (const tag of this.tags) this.report(location, `Unbalanced pushed tag: '${tag}'`);
    for (const [key, values] of this.pushedMeta) {
      const left = values.map((value) => ('value' in value ? metaText(value.value) : 'None')).join(', ');
      this.report(location, `Unbalanced metadata key '${key}'; leftover metadata '${left}'`);
    }
  }
}

const metaText = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'currency' in value ? 'an amount' : String(value);

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function accountPattern(options: FileOptions): RegExp {
  const names = NAME_OPTIONS.map((name) => escaped(options.strings.get(name) ?? ''));
  return new RegExp(`^(?:${names.join('|')})(?::[\\p{Lu}\\p{Nd}][\\p{L}\\p{Nd}-]*)+`, 'u');
}
