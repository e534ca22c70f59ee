const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Whether a text can be the name of a volume or a container: a label of DNS, of 63 characters at most.
 *
 * @example isDnsLabel("rook-ceph-mon-a") // true; "my.fs" is none
 */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && label.test(text);
}

/**
 * Whether a text can be the name of most objects, such as a Secret or a Deployment: labels of DNS with dots between them, 253 characters at most.
 *
 * @example isDnsSubdomain("node1.example.com") // true; "EU_West" is none
 */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && subdomain.test(text);
}
