// The sign of each outcome: a character in Chinese, a letter in English, as on the desk. Order as the tiles stand.
import type { Pair } from "../words.ts";

export const SIGNS: Readonly<Record<string, Pair>> = {
  seen: ["见", "S"],
  phone: ["电", "P"],
  lit: ["亮", "L"],
  dark: ["暗", "D"],
  refused: ["拒", "R"],
  away: ["外", "A"],
  vacant: ["空", "V"],
  moved: ["迁", "M"],
  check: ["核", "C"],
  shut: ["停", "X"],
};
/** Shown at once in elder mode; the others unfold. */
export const OFTEN = ["seen", "phone", "dark", "refused"];
/** Outcomes that leave the door open and may plan the next try. */
export const TRY_AGAIN = new Set(["lit", "dark", "refused", "check"]);
export const WENT = new Set(["away", "moved"]);

/** Provinces by the first two digits of the code: where somebody went, as far as it matters. */
export const PROVINCES: readonly (readonly [code: string, zh: string, en: string])[] = [
  ["11", "北京", "Beijing"], ["12", "天津", "Tianjin"], ["13", "河北", "Hebei"], ["14", "山西", "Shanxi"], ["15", "内蒙古", "Inner Mongolia"],
  ["21", "辽宁", "Liaoning"], ["22", "吉林", "Jilin"], ["23", "黑龙江", "Heilongjiang"], ["31", "上海", "Shanghai"], ["32", "江苏", "Jiangsu"],
  ["33", "浙江", "Zhejiang"], ["34", "安徽", "Anhui"], ["35", "福建", "Fujian"], ["36", "江西", "Jiangxi"], ["37", "山东", "Shandong"],
  ["41", "河南", "Henan"], ["42", "湖北", "Hubei"], ["43", "湖南", "Hunan"], ["44", "广东", "Guangdong"], ["45", "广西", "Guangxi"],
  ["46", "海南", "Hainan"], ["50", "重庆", "Chongqing"], ["51", "四川", "Sichuan"], ["52", "贵州", "Guizhou"], ["53", "云南", "Yunnan"],
  ["54", "西藏", "Tibet"], ["61", "陕西", "Shaanxi"], ["62", "甘肃", "Gansu"], ["63", "青海", "Qinghai"], ["64", "宁夏", "Ningxia"],
  ["65", "新疆", "Xinjiang"], ["71", "台湾", "Taiwan"], ["81", "香港", "Hong Kong"], ["82", "澳门", "Macao"],
];
