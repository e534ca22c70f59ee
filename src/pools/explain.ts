import { blocked, type StepOutcome, waiting } from "../resource/outcome.ts";
import type { CreationObstacle } from "./plan-creation.ts";
import type { KeptRule, WhyRuleStays } from "./plan-rule.ts";
import type { PoolConflict, SettingsObstacle, SettingsRemark } from "./plan-settings.ts";
import type { PoolReason } from "./reasons.ts";

type Outcome = StepOutcome<PoolReason>;

/** What a plan cannot do for this pool, and what would help. Waiting where that may come with OSDs, blocked otherwise. */
export function sayObstacle(pool: string, obstacle: CreationObstacle | SettingsObstacle): Outcome {
  switch (obstacle.type) {
    case "typeMissing":
      return blocked(
        "CrushFailureDomainMissing",
        `Pool ${pool}: CRUSH has no type ${obstacle.failureDomain}; failureDomain must be one of ${obstacle.known.join(", ")}`,
        10_000,
      );
    case "rootMissing":
      return comingOrNot(
        obstacle,
        "CrushRootMissing",
        `Pool ${pool}: CRUSH has no root ${obstacle.root}; correct crushRoot, or give OSDs that root`,
      );
    case "classMissing":
      return comingOrNot(
        obstacle,
        "DeviceClassMissing",
        `Pool ${pool}: no OSD below ${obstacle.root} is of device class ${obstacle.deviceClass}; there are ${obstacle.known.join(", ") || "none"}; correct deviceClass, or add such devices`,
      );
    case "ruleTaken":
      return taken(pool, `CRUSH rule ${obstacle.rule}`);
    case "profileTaken":
      return taken(pool, `erasure code profile ${obstacle.profile}`);
    case "ruleOfStepsMissing":
      return blocked(
        "CrushRuleMissing",
        `Pool ${pool}: replicated.replicasPerFailureDomain is ${obstacle.copiesEach}, which needs a CRUSH rule of two steps, and such a rule is not made yet; make one called ${obstacle.rule} with crushtool, or take replicasPerFailureDomain away`,
        30_000,
      );
    case "poolOfAnother":
      return blocked(
        "PoolOfAnother",
        `Pool ${pool} belongs to ${obstacle.owner}, and the spec asks for one of ${obstacle.application}; choose another name, or set application`,
        60_000,
      );
    case "poolTypeConflict":
      return blocked(
        "PoolTypeConflict",
        `Pool ${pool} ${sayConflict(obstacle.conflict)}; set the spec back, or make a new pool and move the data`,
        60_000,
      );
  }
}

/** What of this pool is not as the spec says, and may stay so. */
export function sayRemark(pool: string, remark: SettingsRemark): string {
  switch (remark.type) {
    case "ruleKept":
      return sayKeptRule(pool, remark);
    case "leftToAutoscaler":
      return `parameter ${remark.parameter} is left to the autoscaler: set pg_num_min, or pg_autoscale_mode to off`;
  }
}

function comingOrNot({ isComing }: { readonly isComing: boolean }, reason: PoolReason, message: string): Outcome {
  return isComing ? waiting(reason, message, 5000) : blocked(reason, message, 5000);
}

function taken(pool: string, what: string): Outcome {
  return blocked(
    "CrushRuleTaken",
    `Pool ${pool}: ${what} is used by another pool and says something else; give this pool another name`,
    30_000,
  );
}

function sayConflict(conflict: PoolConflict): string {
  switch (conflict.type) {
    case "isErasureCoded":
      return "is erasure coded, and the spec asks for a replicated one";
    case "isReplicated":
      return "is replicated, and the spec asks for an erasure coded one";
    case "otherChunks": {
      const { has, asked } = conflict;
      return `has ${has.data ?? "?"} data and ${has.coding ?? "?"} coding chunks, and the spec asks for ${asked.data} and ${asked.coding}`;
    }
    case "otherPlugin":
      return `is coded by ${conflict.has}, and the spec asks for ${conflict.asked}`;
  }
}

function sayKeptRule(pool: string, { differs, why }: KeptRule): string {
  return `pool ${pool} still has ${differs.map(({ field, is }) => `${field} ${is ?? "any"}`).join(", ")}: ${sayWhyRuleStays(why)}`;
}

function sayWhyRuleStays(why: WhyRuleStays): string {
  switch (why.type) {
    case "erasureCoded":
      return "an erasure coded pool keeps the places it was made with";
    case "ruleNamed":
      return `parameters.crush_rule names ${why.rule}, which decides`;
    case "copiesToldApart":
      return "a rule that tells copies apart is not made yet, so that the pool's stays";
    case "updatesOff":
      return "enableCrushUpdates: true moves it, with all its data";
  }
}
