-- E-mail: mailboxes that people write to, how far each was read, and every mail that came or went.

-- A mailbox of the company. Its password is sealed and never shown again.
CREATE TABLE mail_account (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  title          code      NOT NULL,
  state          code      NOT NULL DEFAULT 'off',       -- on, off
  address        code      NOT NULL,                     -- that people write to and answers come from
  from_name      code      NOT NULL DEFAULT '',          -- '': the company's name
  user_name      code      NOT NULL DEFAULT '',          -- '': the address
  imap_host      code      NOT NULL,
  imap_port      count     NOT NULL DEFAULT 993,
  imap_tls       code      NOT NULL DEFAULT 'tls',       -- tls, starttls, none
  smtp_host      code      NOT NULL,
  smtp_port      count     NOT NULL DEFAULT 465,
  smtp_tls       code      NOT NULL DEFAULT 'tls',
  folder         code      NOT NULL DEFAULT 'INBOX',
  takes          code      NOT NULL DEFAULT 'new',       -- new, all: whether what lies there at first is taken
  reply          code      NOT NULL DEFAULT 'plain',     -- plain, plus: user+token@domain comes to this box, too
  authority      code      NOT NULL DEFAULT '',          -- whose Authentication-Results are believed
  team_id        ref       NOT NULL DEFAULT 0,
  key            key_id    NOT NULL,
  password       sealed,
  password_at    time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX mail_account_by_created ON mail_account (tenant, created_at, id);

-- What changes by itself: how far the box was read, written with the mails that were read, and what went wrong last.
CREATE TABLE mail_box (
  tenant         tenant_id NOT NULL,
  account_id     id        NOT NULL,
  validity       count     NOT NULL DEFAULT 0,           -- UIDVALIDITY; 0: never read
  last_uid       count     NOT NULL DEFAULT 0,
  newest_at      time_ms   NOT NULL DEFAULT 0,           -- by the mail server's time, of the newest mail that was read
  read_at        time_ms   NOT NULL DEFAULT 0,           -- when it was last looked into
  taken_at       time_ms   NOT NULL DEFAULT 0,           -- when a mail was last taken
  trouble        code      NOT NULL DEFAULT '',          -- step that failed last, '' none since
  words          text      NOT NULL DEFAULT '',          -- what the other side said
  trouble_at     time_ms   NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, account_id)
);

-- A message of a conversation as a mail. Several texts of the company may go as one.
CREATE TABLE mail_letter (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  account_id     id        NOT NULL,
  identity_id    id        NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,
  way            code      NOT NULL,                     -- in, out
  state          code      NOT NULL,                     -- taken; waiting, sending, sent, failed, bounced, silent
  kind           code      NOT NULL DEFAULT 'person',    -- person, machine: who wrote it; quiet: a person who wants no answer of a machine
  verdict        code      NOT NULL DEFAULT 'none',      -- pass, fail, none: what the own mail server found of the sender
  name           hash      NOT NULL,                     -- of the Message-ID
  key            key_id    NOT NULL,                     -- the customer's
  head           sealed,                                 -- JSON: id, from, subject, refs
  quoted         sealed,
  batch          ref       NOT NULL DEFAULT 0,           -- the id of the first that goes along
  attempts       count     NOT NULL DEFAULT 0,
  why            text      NOT NULL DEFAULT '',
  created_at     time_ms   NOT NULL,
  sent_at        time_ms   NOT NULL DEFAULT 0,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX mail_letter_by_conversation ON mail_letter (tenant, conversation_id, no, id);
CREATE INDEX mail_letter_by_name ON mail_letter (tenant, name, id);
CREATE INDEX mail_letter_by_batch ON mail_letter (tenant, batch, id);
CREATE INDEX mail_letter_by_identity ON mail_letter (tenant, identity_id, created_at, id);

-- Who may change settings may set up mailboxes.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"mail_account.read"]') WHERE permissions LIKE '%"setting.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"mail_account.archive","mail_account.change","mail_account.create"]') WHERE permissions LIKE '%"setting.change"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "mail_account.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"setting.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "mail_account.archive", "mail_account.change", "mail_account.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"setting.change"%';
-- end
