/** Scripts that run in Ceph's containers are imported as text; esbuild and the jest transform inline them. */
declare module "*.py" {
  const text: string;
  export default text;
}
/** What Ceph tells of itself, a fact a line. */
declare module "*.txt" {
  const text: string;
  export default text;
}
declare module "*.sh" {
  const text: string;
  export default text;
}
