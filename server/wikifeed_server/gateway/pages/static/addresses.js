// The places of this page that name an article: #article=enwiki/Title and #page=enwiki/123.

export function articleAddress(project, { title, pageId }) {
  const name = pageId ? `page=${encodeURIComponent(project)}/${pageId}` : "";
  return `#${name || `article=${encodeURIComponent(project)}/${encodeURIComponent(title)}`}`;
}

/** {project, title} or {project, pageId} of a place; null where it names no article. */
export function readAddress(hash) {
  const found = /^#(article|page)=([^/]+)\/(.+)$/s.exec(hash);
  if (!found) return null;
  try {
    const [project, name] = [decodeURIComponent(found[2]), decodeURIComponent(found[3])];
    return found[1] === "page" ? { project, pageId: name } : { project, title: name };
  } catch {
    return null;
  }
}
