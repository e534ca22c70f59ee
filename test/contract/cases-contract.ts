import { beforeAll, describe, expect, test } from "@jest/globals";
import { CustomResourceDefinition } from "../../src/kube/kinds.ts";
import type { Kube } from "../../src/kube/kube.ts";
import { isKubeError } from "../../src/kube/kube-error.ts";
import { ServiceAccount } from "../../src/simkube/controllers/sim-kinds.ts";
import { contractCases } from "./contract-cases.ts";
import { judge } from "./judge-case.ts";
import { Widget, widgetDefinition } from "./widgets.ts";

/** Every case of the table, asked of one API server, within a `describe` that has opened it. */
export function casesContract(subject: () => { readonly kube: Kube; readonly namespace: string }): void {
  describe("what is taken and what is refused", () => {
    beforeAll(async () => {
      const { kube, namespace } = subject();
      await unlessThere(kube.create(CustomResourceDefinition, widgetDefinition));
      // who makes it elsewhere may be slower than this
      await unlessThere(
        kube.create(ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: "default" } }),
      );
      while (!(await isServed(kube, namespace))) await new Promise((resolve) => setTimeout(resolve, 100));
    });

    test.each(contractCases.map((each, index) => ({ ...each, index })))("$name", async ({ request, refusal, index }) => {
      const { kube, namespace } = subject();
      expect(await judge(kube, { namespace, name: `case-${index}` }, request)).toEqual(refusal);
    });
  });
}

async function unlessThere(making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (!isKubeError(error, "alreadyExists")) throw error;
  }
}

async function isServed(kube: Kube, namespace: string): Promise<boolean> {
  try {
    await kube.list(Widget, { namespace });
    return true;
  } catch (error) {
    if (isKubeError(error, "notFound")) return false;
    throw error;
  }
}
