/** The actions that ask what the server knows of projects, its log, subscriptions and accounts. */

import type { Acts } from "./action.js";
import { takeSubscription } from "./observation.js";

export const RECORD_ACTS: Acts = {
  projects: async ({ client, action, seen }) => {
    const found = await client.projects({ languages: action.languages });
    seen.projects.push(...found.map((project) => project.identifier));
  },
  change_log: async ({ client, seen }) => {
    const { oldestOffset, newestOffset } = await client.changeLog();
    seen.log.push(Number(oldestOffset), Number(newestOffset));
  },
  subscriptions: async ({ client, seen }) => {
    for await (const subscription of client.subscriptions()) {
      takeSubscription(seen, subscription);
    }
  },
  subscription: async ({ client, action, seen }) => {
    takeSubscription(seen, await client.subscription(action.name));
  },
  delete_subscription: async ({ client, action }) => {
    await client.deleteSubscription(action.name);
  },
  account: async ({ client, seen }) => {
    seen.account = (await client.account()).account?.username;
  },
  usage: async ({ client, action, seen }) => {
    const days = await client.usage({ firstDay: action.first_day, lastDay: action.last_day });
    seen.usage.push(...days.map(({ day, counts }) => `${day} ${counts?.onDemand}`));
  },
};
