-- What somebody of staff should hear of: mentions, work that fell to him, what he watches. His alone.
CREATE TABLE notification (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        id        NOT NULL,                     -- whose
  kind           code      NOT NULL,                     -- mention, assigned, watched …
  object         code      NOT NULL DEFAULT '',          -- what it is about
  object_id      ref       NOT NULL DEFAULT 0,
  data           json      NOT NULL DEFAULT '{}',
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  read_at        time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX notification_by_user ON notification (tenant, user_id, id);
CREATE INDEX notification_unread ON notification (tenant, user_id, read_at, id);

-- Who of staff wants to hear what happens to an object.
CREATE TABLE watcher (
  tenant         tenant_id NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  user_id        id        NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, object, object_id, user_id)
);
CREATE INDEX watcher_by_user ON watcher (tenant, user_id, object, object_id);
