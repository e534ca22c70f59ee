/** Gives addresses of the Service network, one after another, without those that somebody has chosen. */
export function clusterIps(isTaken: (ip: string) => boolean): () => string {
  let last = 0;
  return () => {
    for (;;) {
      last += 1;
      const ip = `10.96.${Math.floor(last / 250)}.${(last % 250) + 1}`;
      if (!isTaken(ip)) return ip;
    }
  };
}
