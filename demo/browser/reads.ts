/** Reads: up to which message each person has read each conversation. */
export interface Reads {
  lastRead(user: string, channel: string): string;
  read(user: string, channel: string, ts: string): void;
}

export function newReads(): Reads {
  const last = new Map<string, string>();
  const key = (user: string, channel: string) => `${user} ${channel}`;
  return {
    lastRead: (user, channel) => last.get(key(user, channel)) ?? '',
    read(user, channel, ts) {
      if (ts > (last.get(key(user, channel)) ?? '')) last.set(key(user, channel), ts);
    },
  };
}
