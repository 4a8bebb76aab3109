/**
 * Our ESLint rule for chat/: code that reads a chat page must not change it. It goes by types, not by names, so that
 * `list.append(x)` of our own is fine and `node.append(x)` is not, however the node got its name.
 */
import type { Rule } from 'eslint';
import type ts from 'typescript';

/** What typescript-eslint's parser adds for rules that ask for types. */
interface TypeServices {
  getTypeAtLocation(node: unknown): ts.Type;
}

type Member = Rule.Node & { type: 'MemberExpression' };

/** Methods that change a node, a list of its classes or a range's content. */
const WRITING_METHODS = new Set([
  ...['after', 'append', 'appendChild', 'appendData', 'attachShadow', 'before', 'deleteData', 'insertAdjacentElement'],
  ...['insertAdjacentHTML', 'insertAdjacentText', 'insertBefore', 'insertData', 'moveBefore', 'normalize', 'prepend', 'remove'],
  ...['removeAttribute', 'removeAttributeNS', 'removeAttributeNode', 'removeChild', 'replaceChild', 'replaceChildren', 'replaceData'],
  ...['replaceWith', 'setAttribute', 'setAttributeNS', 'setAttributeNode', 'setHTML', 'setHTMLUnsafe', 'splitText', 'toggleAttribute'],
  ...['add', 'replace', 'toggle', 'setProperty', 'removeProperty', 'write', 'writeln'],
  ...['deleteContents', 'extractContents', 'insertNode', 'surroundContents'],
]);

/** Adopting a style sheet is how highlights get their look; it leaves the tree as it is. */
const HARMLESS_PROPERTIES = new Set(['adoptedStyleSheets']);

/** Everything whose change shows in the page's tree. */
const PAGE_TYPES = new Set(['Node', 'DOMTokenList', 'CSSStyleDeclaration', 'DOMStringMap', 'NamedNodeMap', 'Range', 'Selection']);

/** Whether a type is, or inherits from, one of the DOM's own types. */
function isPageType(type: ts.Type, seen = new Set<ts.Type>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  if (type.isUnionOrIntersection()) return type.types.some((part) => isPageType(part, seen));
  const constraint = type.getConstraint();
  if (type.isTypeParameter() && constraint) return isPageType(constraint, seen);
  const symbol = type.getSymbol();
  const fromDomLibrary = symbol?.declarations?.some((declaration) => /[\\/]lib\.dom/.test(declaration.getSourceFile().fileName));
  if (symbol && fromDomLibrary && PAGE_TYPES.has(symbol.name)) return true;
  return (type.isClassOrInterface() ? (type.getBaseTypes() ?? []) : []).some((base) => isPageType(base, seen));
}

export const noPageWrites: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: { description: 'Code that reads a chat page must not change it.' },
    messages: {
      write:
        'This changes the page ("{{name}}"). Chat pages crash or break when their nodes change; use highlights or our own shadow root.',
    },
    schema: [],
  },
  create(context) {
    const services = context.sourceCode.parserServices as unknown as TypeServices;

    function check({ object, property, ...member }: Member, harmless?: ReadonlySet<string>): void {
      const name = property.type === 'Identifier' ? property.name : context.sourceCode.getText(property);
      if (harmless?.has(name) || !isPageType(services.getTypeAtLocation(object))) return;
      context.report({ node: member, messageId: 'write', data: { name } });
    }

    function checkTarget(target: { readonly type: string }): void {
      if (target.type === 'MemberExpression') check(target as Member, HARMLESS_PROPERTIES);
    }

    return {
      CallExpression({ callee }) {
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        if (WRITING_METHODS.has(callee.property.name)) check(callee as Member);
      },
      AssignmentExpression({ left }) {
        checkTarget(left);
      },
      UpdateExpression({ argument }) {
        checkTarget(argument);
      },
      UnaryExpression({ operator, argument }) {
        if (operator === 'delete') checkTarget(argument);
      },
    };
  },
};
