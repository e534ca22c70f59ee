// Puts a seeded fault into a source on its way to a bundle or to jest: `edits` are places {file, find, put} of files, by their path from the top.

/** The edits that are about the file at `path`. */
function editsOf(edits, path) {
  return edits.filter(({ file }) => path.replaceAll("\\", "/").endsWith(`/${file}`));
}

/** `text` with the places changed; throws where a place is not there exactly once. */
function applyMutant(edits, path, text) {
  return editsOf(edits, path).reduce((changed, { file, find, put }) => {
    const places = changed.split(find).length - 1;
    if (places !== 1) throw new Error(`${file} has ${places} places that read ${find}`);
    return changed.replace(find, () => put);
  }, text);
}

module.exports = { applyMutant, editsOf };
