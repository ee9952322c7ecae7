-- Tickets: one matter of one customer, from the report to the rated closing.
CREATE TABLE ticket (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  no             code      NOT NULL,                     -- SR20261122001
  scene          code      NOT NULL,
  grade          code      NOT NULL DEFAULT 'normal',
  state          code      NOT NULL DEFAULT 'new',
  title          code      NOT NULL,                     -- redacted: fit for lists and search
  key            key_id    NOT NULL,                     -- the customer's
  description    sealed,
  customer_id    id        NOT NULL,
  contact_phone  sealed,                                 -- whom to call about this matter; the customer's phone when empty
  device_id      ref       NOT NULL DEFAULT 0,
  product_id     ref       NOT NULL DEFAULT 0,
  owner_id       ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  region_id      ref       NOT NULL DEFAULT 0,
  channel        code      NOT NULL DEFAULT 'web',
  symptoms       json      NOT NULL DEFAULT '[]',
  answers        json      NOT NULL DEFAULT '{}',        -- the scene's own questions
  danger         code      NOT NULL DEFAULT '',          -- smoke, leak, shock, heat or ''
  preferred_day  day       NOT NULL DEFAULT 0,
  preferred_time code      NOT NULL DEFAULT '',          -- morning, afternoon, evening
  steps          text      NOT NULL DEFAULT '',          -- what was done
  result         text      NOT NULL DEFAULT '',          -- how it ended
  next_due_at    time_ms   NOT NULL DEFAULT 253402300799999,
  remind_count   count     NOT NULL DEFAULT 0,
  reminded_at    time_ms   NOT NULL DEFAULT 0,
  reopen_count   count     NOT NULL DEFAULT 0,
  rating         code      NOT NULL DEFAULT '',          -- satisfied, mostly, not
  rated_at       time_ms   NOT NULL DEFAULT 0,
  first_response_at time_ms NOT NULL DEFAULT 0,
  solved_at      time_ms   NOT NULL DEFAULT 0,
  closed_at      time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, no),
  FOREIGN KEY (tenant, customer_id) REFERENCES customer (tenant, id)
);
CREATE INDEX ticket_by_created ON ticket (tenant, created_at, id);
CREATE INDEX ticket_by_updated ON ticket (tenant, updated_at, id);
CREATE INDEX ticket_by_state ON ticket (tenant, state, created_at, id);
CREATE INDEX ticket_by_owner ON ticket (tenant, owner_id, state, created_at, id);
CREATE INDEX ticket_by_team ON ticket (tenant, team_id, state, created_at, id);
CREATE INDEX ticket_by_customer ON ticket (tenant, customer_id, created_at, id);
CREATE INDEX ticket_by_device ON ticket (tenant, device_id, created_at, id);

-- What people wrote on a ticket: between company and customer (public) or among staff (internal). Sealed.
CREATE TABLE ticket_comment (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  ticket_id      id        NOT NULL,
  at             time_ms   NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  visibility     code      NOT NULL DEFAULT 'internal',
  key            key_id    NOT NULL,
  body           sealed,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, ticket_id) REFERENCES ticket (tenant, id)
);
CREATE INDEX ticket_comment_by_ticket ON ticket_comment (tenant, ticket_id, at, id);

-- Files that belong to a ticket; `comment_id` is 0 for those of the report itself.
CREATE TABLE ticket_file (
  tenant         tenant_id NOT NULL,
  ticket_id      id        NOT NULL,
  file_id        id        NOT NULL,
  comment_id     ref       NOT NULL DEFAULT 0,
  visibility     code      NOT NULL DEFAULT 'public',
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, ticket_id, file_id),
  FOREIGN KEY (tenant, ticket_id) REFERENCES ticket (tenant, id)
);

-- How the customer rated each solution; a reopened ticket may have more than one.
CREATE TABLE ticket_rating (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  ticket_id      id        NOT NULL,
  rating         code      NOT NULL,                     -- satisfied, mostly, not
  attitude       count     NOT NULL DEFAULT 0,           -- 1 … 5, 0: not said
  speed          count     NOT NULL DEFAULT 0,
  solution       count     NOT NULL DEFAULT 0,
  key            key_id    NOT NULL,
  body           sealed,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, ticket_id) REFERENCES ticket (tenant, id)
);
CREATE INDEX ticket_rating_by_ticket ON ticket_rating (tenant, ticket_id, at, id);
