/**
 * Checks a Croissant description (1.0 or 1.1). The rules and the wording of the messages follow the specification and
 * mlcroissant's own negative tests, which our tests run as an oracle.
 */
import jsonld from 'jsonld';

const CR = 'http://mlcommons.org/croissant/';
const SC = 'https://schema.org/';
const CONFORMS_TO = 'http://purl.org/dc/terms/conformsTo';
const VERSIONS = [`${CR}1.0`, `${CR}1.1`];

/** A node of expanded JSON-LD. */
interface Node {
  readonly '@id'?: string;
  readonly '@type'?: readonly string[];
  readonly [property: string]: unknown;
}

export interface CroissantReport {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Never fetches anything: a description that refers to a remote context is refused. */
export async function validateCroissant(description: unknown): Promise<CroissantReport> {
  const errors = textTypeErrors(description);
  if (errors.length > 0) return { errors, warnings: [] };
  const remote = remoteContext(description);
  if (remote !== undefined) return { errors: [`The context ${remote} is not part of the description, and nothing is fetched.`], warnings: [] };
  let expanded: readonly Node[];
  try {
    expanded = (await jsonld.expand(description as jsonld.JsonLdDocument, { documentLoader: refuse })) as unknown as readonly Node[];
  } catch (error) {
    return { errors: [`The description is not valid JSON-LD: ${error instanceof Error ? error.message : String(error)}`], warnings: [] };
  }
  const dataset = expanded[0];
  if (dataset?.['@type']?.includes(`${SC}Dataset`) !== true) return { errors: ["The current JSON-LD doesn't extend https://schema.org/Dataset."], warnings: [] };
  return new Check(dataset).run();
}

/** Asked for only by contexts deep inside a description. */
function refuse(url: string): never {
  throw new Error(`the context ${url} is not part of the description, and nothing is fetched`);
}

function remoteContext(description: unknown): string | undefined {
  if (typeof description !== 'object' || description === null || !('@context' in description)) return undefined;
  return [description['@context']].flat().find((context) => typeof context === 'string');
}

/** Names and descriptions are texts, or texts by language. Looked at before expansion, which refuses the rest less clearly. */
function textTypeErrors(value: unknown): string[] {
  const wrong = new Set<string>();
  const typeName = (found: unknown) => (typeof found === 'boolean' ? 'bool' : typeof found === 'number' ? (Number.isInteger(found) ? 'int' : 'float') : found === null ? 'none' : typeof found);
  const check = (property: string, found: unknown): void => {
    if (typeof found === 'string') return;
    if (Array.isArray(found)) found.forEach((one) => check(property, one));
    else if (typeof found === 'object' && found !== null) {
      if ('@value' in found) check(property, found['@value']);
      else Object.values(found).forEach((one) => check(property, one));
    } else wrong.add(`\`${property}\` should have type https://schema.org/Text, but got ${typeName(found)}`);
  };
  const walk = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(walk);
    else if (typeof at === 'object' && at !== null) {
      for (const [key, child] of Object.entries(at)) {
        if (key === '@context' || key === 'data' || key === 'examples') continue;
        if (key === 'name' || key === 'description') check(key, child);
        else walk(child);
      }
    }
  };
  walk(value);
  return [...wrong].sort();
}

class Check {
  readonly #errors: string[] = [];
  readonly #warnings: string[] = [];
  readonly #dataset: Node;
  readonly #where: string;
  readonly #files: readonly Node[];
  readonly #recordSets: readonly Node[];
  readonly #ids = new Set<string>();

  constructor(dataset: Node) {
    this.#dataset = dataset;
    this.#where = `Metadata(${text(dataset, `${SC}name`) ?? ''})`;
    this.#files = nodes(dataset, `${SC}distribution`);
    this.#recordSets = nodes(dataset, `${CR}recordSet`);
  }

  run(): CroissantReport {
    this.#metadata();
    for (const file of this.#files) this.#collectId(file);
    for (const set of this.#recordSets) {
      this.#collectId(set);
      for (const field of fieldsOf(set)) this.#collectId(field);
    }
    for (const file of this.#files) this.#file(file);
    for (const set of this.#recordSets) this.#recordSet(set);
    return { errors: this.#errors, warnings: this.#warnings };
  }

  #metadata(): void {
    const versions = nodes(this.#dataset, CONFORMS_TO).map((node) => value(node) ?? node['@id']);
    if (!versions.some((version) => typeof version === 'string' && VERSIONS.includes(version))) this.#errors.push(`[${this.#where}] Property "${CONFORMS_TO}" must name one of ${VERSIONS.join(', ')}.`);
    const later = versions.includes(`${CR}1.1`);
    for (const property of ['name', 'description', 'url', ...(later ? ['license'] : [])]) this.#mandatory(this.#dataset, `${SC}${property}`, this.#where);
    for (const property of [`${SC}license`, `${SC}creator`, `${SC}datePublished`, `${CR}citeAs`]) {
      if (nodes(this.#dataset, property).length === 0) this.#warnings.push(`[${this.#where}] Property "${property}" is recommended, but does not exist.`);
    }
  }

  #mandatory(node: Node, property: string, where: string): void {
    if (nodes(node, property).length === 0) this.#errors.push(`[${where}] Property "${property}" is mandatory, but does not exist.`);
  }

  #collectId(node: Node): void {
    const id = node['@id'];
    if (id === undefined) {
      // Nodes without an id are known by their name.
      const name = text(node, `${SC}name`);
      if (name !== undefined) this.#ids.add(name);
      return;
    }
    if (/\s|%20/.test(id)) this.#errors.push(`The dataset contains a wrong \`@id\`: '${decodeURI(id)}'. Note that currently we do not support \`@id\`s containing whitespaces (not even if URL-escaped).`);
    else if (this.#ids.has(id)) this.#errors.push(`Duplicate nodes with the same identifier: ${id}`);
    else this.#ids.add(id);
  }

  #file(node: Node): void {
    const name = nameOf(node);
    const type = node['@type']?.find((one) => one === `${CR}FileObject` || one === `${CR}FileSet`);
    if (type === undefined) {
      this.#errors.push(`"${name}" should have an attribute "@type": "${CR}FileObject" or "@type": "${CR}FileSet". Got ${node['@type']?.join(', ') ?? 'none'} instead.`);
      return;
    }
    const where = `${this.#where} > ${type.slice(CR.length)}(${name})`;
    this.#mandatory(node, `${SC}encodingFormat`, where);
    if (type === `${CR}FileObject`) this.#mandatory(node, `${SC}contentUrl`, where);
    else this.#mandatory(node, `${CR}includes`, where);
    for (const container of containers(node)) {
      const id = container['@id'] ?? String(value(container));
      if (!this.#ids.has(id)) this.#errors.push(`[${where}] There is a reference to node with UUID "${id}" in node "${name}", but this node doesn't exist.`);
    }
    const digest = text(node, `${SC}sha256`);
    if (type === `${CR}FileObject` && digest === undefined && text(node, `${CR}md5`) === undefined && containers(node).length === 0 && nodes(this.#dataset, `${CR}isLiveDataset`).length === 0) {
      this.#errors.push(`[${where}] At least one of these properties should be defined: ["${SC}sha256", "${CR}md5"].`);
    }
  }

  #recordSet(set: Node): void {
    const name = nameOf(set);
    if (set['@type']?.includes(`${CR}RecordSet`) !== true) {
      this.#errors.push(`"${name}" should have an attribute "@type": "${CR}RecordSet". Got ${set['@type']?.join(', ') ?? 'none'} instead.`);
      return;
    }
    const where = `${this.#where} > RecordSet(${name})`;
    const inline = nodes(set, `${CR}data`).length > 0;
    const sources = new Set<string>();
    let joined = false;
    for (const field of nodes(set, `${CR}field`)) joined = this.#field(field, { where, set: name, inline, sources, typed: false }) || joined;
    if (sources.size > 1 && !joined) {
      this.#errors.push(`[${where}] You try to use the sources with names (${[...sources].map((source) => `'${source}'`).join(', ')}) as sources, but you didn't declare a join between them. Use \`ml:references\` to declare a join. Please, refer to the documentation for more information.`);
    }
  }

  /** @returns whether the field (or one inside it) declares a join */
  #field(field: Node, context: { readonly where: string; readonly set: string; readonly inline: boolean; readonly sources: Set<string>; readonly typed: boolean }): boolean {
    const id = nameOf(field);
    if (field['@type']?.includes(`${CR}Field`) !== true) {
      this.#errors.push(`"${id}" should have an attribute "@type": "${CR}Field". Got ${field['@type']?.join(', ') ?? 'none'} instead.`);
      return false;
    }
    const where = `${context.where} > Field(${text(field, `${SC}name`) ?? id})`;
    const children = nodes(field, `${CR}subField`);
    const types = nodes(field, `${CR}dataType`);
    if (types.length === 0 && children.length === 0 && !context.typed) this.#errors.push(`[${where}] The field does not specify a valid ${CR}dataType, neither does any of its predecessor. Got: []`);
    this.#arrayShape(field, id, where);
    if (children.length === 0) this.#source(field, id, where, context);
    const nested = children.map((child) => this.#field(child, { ...context, typed: types.length > 0 }));
    return nodes(field, `${CR}references`).length > 0 || nested.some(Boolean);
  }

  #arrayShape(field: Node, id: string, where: string): void {
    const shape = text(field, `${CR}arrayShape`);
    if (shape === undefined) return;
    if (value(nodes(field, `${CR}isArray`)[0]) !== true) this.#errors.push(`[${where}] Field ${id} defines \`array_shape\`, but \`is_array\` is False.`);
    else if (!/^\(?\s*-?\d+(\s*,\s*-?\d+)*\s*,?\s*\)?$/.test(shape)) this.#errors.push(`[${where}] Field ${id}'s attribute array_shape \`${shape}\` cannot be parsed as a tuple of comma-separated values.`);
  }

  #source(field: Node, id: string, where: string, { inline, sources, set, where: setWhere }: { readonly inline: boolean; readonly sources: Set<string>; readonly set: string; readonly where: string }): void {
    const source = nodes(field, `${CR}source`)[0];
    const missing = `[${where}] Field ${id} does not define \`source\` or \`value\`. Please specify exactly one of them.`;
    if (source === undefined) {
      if (!inline && [`${CR}value`, `${CR}references`].every((property) => nodes(field, property).length === 0)) this.#errors.push(missing);
      return;
    }
    const target = [`${CR}field`, `${CR}fileObject`, `${CR}fileSet`, `${CR}recordSet`].flatMap((property) => nodes(source, property))[0];
    const name = target === undefined ? source['@id'] : (target['@id'] ?? String(value(target)));
    if (name === undefined || /\s|%20/.test(name)) {
      this.#errors.push(`Source should have one of the following properties ${CR}field or ${CR}fileObject or ${CR}fileSet.`, missing);
      return;
    }
    if (!this.#ids.has(name)) {
      this.#errors.push(
        `[${where}] Malformed source data: ${name}. It does not refer to any existing node. Have you used ${CR}field or ${SC}distribution to indicate the source field or the source distribution? If you specified a field, it should contain all the names from the RecordSet separated by \`/\`, e.g.: "record_set_name/field_name"`,
        `[${setWhere}] There is a reference to node with UUID "${name}" in node "${set}", but this node doesn't exist.`,
      );
      return;
    }
    sources.add(name);
  }
}

function nodes(node: Node, property: string): readonly Node[] {
  const found = node[property];
  return Array.isArray(found) ? (found as Node[]) : [];
}

/** 1.0's context leaves the property to schema.org, 1.1's gives it to Croissant. */
function containers(node: Node): readonly Node[] {
  return [...nodes(node, `${CR}containedIn`), ...nodes(node, `${SC}containedIn`)];
}

function fieldsOf(node: Node): Node[] {
  return [`${CR}field`, `${CR}subField`].flatMap((property) => nodes(node, property)).flatMap((field) => [field, ...fieldsOf(field)]);
}

function value(node: Node | undefined): unknown {
  return node?.['@value'];
}

function text(node: Node, property: string): string | undefined {
  const found = value(nodes(node, property)[0]);
  return typeof found === 'string' ? found : undefined;
}

function nameOf(node: Node): string {
  return node['@id'] ?? text(node, `${SC}name`) ?? '';
}
