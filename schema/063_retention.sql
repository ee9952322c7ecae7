-- What went because its time was over: a row a kind and day of the company, as the page of retention shows it.
CREATE TABLE retention_day (
  tenant         tenant_id NOT NULL,
  kind           code      NOT NULL,                     -- customer, ticket, message …: core/retention
  day            day       NOT NULL,
  at             time_ms   NOT NULL,                     -- of the last look on that day
  removed        count     NOT NULL DEFAULT 0,
  held           count     NOT NULL DEFAULT 0,           -- due, but something open needs them
  PRIMARY KEY (tenant, kind, day)
);
