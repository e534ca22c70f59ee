/** What `make` gives, made when it is first asked for: for what never changes, such as a file that is taken apart. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
