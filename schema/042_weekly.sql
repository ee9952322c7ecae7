-- Who of staff gets the weekly report, and which parts of it. Somebody who stands here twice gets it once: the newer row says what.
CREATE TABLE weekly_receiver (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        id        NOT NULL,
  promises       flag      NOT NULL DEFAULT 1,
  worst          flag      NOT NULL DEFAULT 1,           -- products and teams behind a missed promise
  counts         flag      NOT NULL DEFAULT 1,           -- tickets of the week
  oldest         flag      NOT NULL DEFAULT 1,           -- the oldest open tickets
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, user_id) REFERENCES user_account (tenant, id)
);
CREATE INDEX weekly_receiver_by_user ON weekly_receiver (tenant, user_id, created_at, id);
CREATE INDEX weekly_receiver_by_created ON weekly_receiver (tenant, created_at, id);

-- One report to one receiver: a week is sent to somebody once, however often and wherever its job runs. What was in it is in no table: the mail is in the outbox.
CREATE TABLE weekly_mail (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  week           day       NOT NULL,                     -- its Monday
  user_id        id        NOT NULL,
  asked_at       time_ms   NOT NULL DEFAULT 0,           -- she asked for it herself; 0: sent by the clock
  name           code      NOT NULL,                     -- 2026-11-16 – 2026-11-22
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, sent, held, failed
  last_error     code      NOT NULL DEFAULT '',
  sent_at        time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, week, user_id, asked_at)
);
CREATE INDEX weekly_mail_by_created ON weekly_mail (tenant, created_at, id);

-- The same message for mail programs that show more than text.
ALTER TABLE outbox ADD COLUMN html sealed;

-- When it was last reopened; 0: never.
ALTER TABLE ticket ADD COLUMN reopened_at time_ms NOT NULL DEFAULT 0;
