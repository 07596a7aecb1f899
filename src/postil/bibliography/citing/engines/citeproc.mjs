// Sets citations with the npm package "citeproc", whose file is the first argument: a question in JSON on standard
// input, the answer in JSON on standard output. Nothing else is read or written.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const CSL = createRequire(import.meta.url)(process.argv[2]);
const LABELS = [
  "act", "appendix", "article-locator", "book", "canon", "chapter", "column", "elocation", "equation", "figure", "folio",
  "issue", "line", "note", "opus", "page", "paragraph", "part", "rule", "scene", "section", "sub-verbo", "supplement",
  "table", "timestamp", "title-locator", "verse", "volume",
];
// as they are typed, whatever the language
const TYPED = {
  "art.": "article-locator", "bk.": "book", "bks.": "book", "ch.": "chapter", "chap.": "chapter", "chaps.": "chapter",
  "col.": "column", "cols.": "column", "fig.": "figure", "figs.": "figure", "fol.": "folio", "fols.": "folio",
  "l.": "line", "ll.": "line", "n.": "note", "nn.": "note", "no.": "issue", "nos.": "issue", "op.": "opus",
  "p.": "page", "pp.": "page", "para.": "paragraph", "paras.": "paragraph", "pt.": "part", "pts.": "part",
  "s.v.": "sub-verbo", "s.vv.": "sub-verbo", "sec.": "section", "secs.": "section", "v.": "verse", "vv.": "verse",
  "vol.": "volume", "vols.": "volume",
};

const question = JSON.parse(readFileSync(0, "utf-8"));
const items = new Map(question.items.map((item) => [item.id, { ...item, system_id: item.id }]));

/** The citations of each work that have words before or behind it. */
const affixed = new Map();
for (const cite of question.occurrences.flatMap((occurrence) => occurrence.cites)) {
  if (cite.prefix || cite.suffix) affixed.set(cite.id, [...(affixed.get(cite.id) ?? []), cite]);
}

// what stands between an entry of the bibliography and its key
const KEY = "\0";

const system = {
  retrieveItem: (id) => structuredClone(items.get(id)),
  retrieveLocale: (tag) => {
    const near = Object.keys(question.locales).find((other) => other.split("-")[0] === tag.split("-")[0]);
    return question.locales[tag] ?? question.locales[near] ?? question.locales["en-US"];
  },
  embedBibliographyEntry: (id) => KEY + id,
  wrapCitationEntry: (text, id) => linked(text, id ?? numbered(text)),
};

/** A work within a citation as a link to its entry, without the words before and behind it. */
function linked(text, id) {
  const cites = affixed.get(id) ?? [];
  const before = cites.map((cite) => cite.prefix).find((prefix) => prefix && text.startsWith(prefix)) ?? "";
  const rest = text.slice(before.length);
  const behind = cites.map((cite) => cite.suffix).find((suffix) => suffix && rest.endsWith(suffix)) ?? "";
  const words = rest.slice(0, rest.length - behind.length);
  return question.links && id && words ? `${before}<a href="#ref-${escaped(id)}">${words}</a>${behind}` : text;
}

/** The work that has a number in the bibliography: what the engine forgets where numbers are all of a citation. */
function numbered(text) {
  return [...items.keys()].find((id) => String(engine.registry.registry[id]?.seq) === text);
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

// macros stand right below the root of a style: to look through all of it for each takes half of the time
const { getNodesByName } = CSL.XmlJSON.prototype;
CSL.XmlJSON.prototype.getNodesByName = function (tree, name, value, found) {
  const macro = name === "macro" && value && !found;
  if (!macro) return getNodesByName.call(this, tree, name, value, found);
  return tree.children.filter((child) => child.name === name && child.attrs.name === value);
};

const engine = new CSL.Engine(system, question.style, question.locale, true);
engine.opt.development_extensions.wrap_url_and_doi = true;
engine.opt.development_extensions.apply_citation_wrapper = true;
// its own knows English only, and takes the label out of the middle of words
engine.opt.development_extensions.locator_label_parse = false;

/** The words by which a locator is known, in the language of the style, the longest first. */
const terms = Object.entries(TYPED);
for (const label of LABELS) {
  const name = label === "sub-verbo" ? "sub verbo" : label;
  for (const form of ["long", "short", "symbol"]) {
    for (const plural of [0, 1]) {
      const term = engine.getTerm(name, form, plural, false, 0);
      if (term) terms.push([term.toLowerCase(), label]);
    }
  }
}
terms.sort((one, other) => other[0].length - one[0].length);

/** A locator apart from its label, "page" where it has none. */
function located(locator) {
  const typed = locator.toLowerCase();
  const [term, label] = terms.find(([term]) => typed.startsWith(term) && /^[.\s\d]/.test(typed.slice(term.length))) ?? ["", "page"];
  return { locator: locator.slice(term.length).replace(/^[.\s]+/, ""), label };
}

const texts = new Map();
/** The clusters of citations, in series that know nothing of each other. */
const series = [[]];
for (const occurrence of question.occurrences) {
  const cited = occurrence.cites.filter((cite) => items.has(cite.id));
  if (occurrence.anew && series.at(-1).length) series.push([]);
  if (!cited.length) continue;
  const citationItems = cited.map((cite, index) => ({
    id: cite.id,
    prefix: cite.prefix,
    suffix: cite.suffix,
    ...(cite.locator ? located(cite.locator) : {}),
    "suppress-author": cite.suppress || (occurrence.inText && !index),
  }));
  const properties = {
    noteIndex: occurrence.number,
    // words before a work keep it in its place
    unsorted: cited.some((cite) => cite.prefix),
  };
  series.at(-1).push({ citationID: occurrence.id, citationItems, properties });
}
// the names that sentences have, behind all else, so that they change nothing in it
const last = series.at(-1);
let number = last.at(-1)?.properties.noteIndex ?? 0;
for (const occurrence of question.occurrences.filter((other) => other.inText && items.has(other.cites[0].id))) {
  const citationItems = [{ id: occurrence.cites[0].id, "author-only": true }];
  const noteIndex = number && ++number;
  last.push({ citationID: `${occurrence.id} name`, citationItems, properties: { noteIndex } });
}

// all of them in the order of the text, and then those that nobody cites
engine.updateItems([...items.keys()]);
for (const clusters of series) {
  const before = [];
  for (const cluster of clusters) {
    const [, changed] = engine.processCitationCluster(cluster, [...before], [], CSL.ASSUME_ALL_ITEMS_REGISTERED);
    before.push([cluster.citationID, cluster.properties.noteIndex]);
    for (const [, text, id] of changed) texts.set(id, text.replace("[NO_PRINTED_FORM]", "").trim());
  }
}
const made = engine.makeBibliography();

const OTHERS = new RegExp(`(,?) (?:(?:${engine.getTerm("and")}|&amp;|&#38;) )?others\\b\\.?`);

/** What is said of some works with "and others", a name to BibTeX, in the words of the style. */
function abridged(text, ids) {
  const names = ids.flatMap((id) => Object.values(items.get(id) ?? {})).filter(Array.isArray);
  const others = names.some((list) => list.at(-1)?.literal === "others");
  return others ? text.replace(OTHERS, (_, comma) => `${comma} ${engine.getTerm("et-al")}`) : text;
}

for (const { citationID, citationItems } of series.flat()) {
  texts.set(citationID, abridged(texts.get(citationID) ?? "", citationItems.map((item) => item.id)));
}
const entries = made ? made[1].map((entry) => entry.split(KEY)).map(([text, id]) => [id.trim(), text]) : [];
process.stdout.write(
  JSON.stringify({
    texts: Object.fromEntries(texts),
    // with the wrapper of entries set, these are left out
    before: engine.citation.opt.layout_prefix,
    behind: engine.citation.opt.layout_suffix,
    // works that a style leaves out of it have no entry
    bibliography: entries.map(([id, text]) => [id, abridged(text, [id])]),
  }),
);
