import { describe, expect, test } from "@jest/globals";
import { SettingsError } from "./read-flags.ts";
import { readSettings } from "./settings.ts";

const inPod = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };

describe("settings", () => {
  test("in a Pod: librados, JSON logs, health on 8080", () => {
    expect(readSettings([], inPod)).toEqual({
      kubeconfig: undefined,
      context: undefined,
      namespace: "rook-ceph",
      watchNamespace: undefined,
      leaderElection: true,
      healthPort: 8080,
      logLevel: "info",
      logFormat: "json",
      cephTransport: "librados",
      deviceIntervalMs: 3_600_000,
      inCluster: true,
    });
  });

  test.each([
    ["outside a Pod", [], {}],
    ["in a Pod that was given a kubeconfig", ["--kubeconfig=/tmp/k"], inPod],
    ["in a Pod with KUBECONFIG", [], { ...inPod, KUBECONFIG: "/tmp/k" }],
  ])("%s: exec, text logs, no health server", (_where, args, env) => {
    expect(readSettings(args, env)).toMatchObject({ healthPort: 0, logFormat: "text", cephTransport: "exec", inCluster: false });
  });

  test("a flag comes before the environment, in either spelling", () => {
    const env = { POD_NAMESPACE: "from-env", ROOK_LOG_LEVEL: "DEBUG" };
    expect(readSettings(["--namespace", "from-flag"], env)).toMatchObject({ namespace: "from-flag", logLevel: "debug" });
    expect(readSettings(["--namespace=from-flag", "--log-level=warn"], env)).toMatchObject({ namespace: "from-flag", logLevel: "warn" });
  });

  test("a flag may be given an empty value, one with an equals sign, and one that looks like a flag; the last of two counts", () => {
    expect(readSettings(["--context="], {}).context).toBe("");
    expect(readSettings(["--context=a=b"], {}).context).toBe("a=b");
    expect(readSettings(["--context", "--b"], {}).context).toBe("--b");
    expect(readSettings(["--context=a", "--context=b"], {}).context).toBe("b");
  });

  test("an empty variable is as good as none", () => {
    expect(readSettings([], { POD_NAMESPACE: "" }).namespace).toBe("rook-ceph");
  });

  test.each([
    [["--colour=red"], {}, 'unknown argument "--colour=red"; the flags are --kubeconfig, '],
    [["operator"], {}, 'unknown argument "operator"; '],
    [["--context"], {}, "--context needs a value"],
    [["-n", "x"], {}, 'unknown argument "-n"; '],
    [["--namespace=x", "--", "y"], {}, 'unknown argument "--"; '],
    [["--no-leader-election"], {}, 'unknown argument "--no-leader-election"; '],
    [["--log-level=loud"], {}, '--log-level is "loud"; it must be one of error, warn, info, debug'],
    [["--health-port=http"], {}, '--health-port is "http"; it must be a port, or 0 for none'],
    [["--health-port=65536"], {}, '--health-port is "65536"; it must be a port, or 0 for none'],
    [[], { ROOK_DISCOVER_DEVICES_INTERVAL: "60" }, '--discover-devices-interval is "60"; it must be a duration'],
    [[], { JACKDAW_CEPH_TRANSPORT: "telnet" }, '--ceph-transport is "telnet"; it must be one of librados, exec'],
  ])("%j with %j is refused with a sentence", (args, env, sentence) => {
    expect(() => readSettings(args, env)).toThrow(SettingsError);
    expect(() => readSettings(args, env)).toThrow(sentence);
  });
});
