/** Fields of a spec that set something for Pods of one sort, by their paths below `spec`: `resources.mon`. */
export interface SettingFields {
  readonly resources: string;
  readonly placement: string;
}
