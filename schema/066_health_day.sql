-- How the system was, one row a day, for the two weeks that its page draws.
CREATE TABLE health_day (
  tenant         tenant_id NOT NULL,
  day            day       NOT NULL,
  backup_hours   count,                                  -- age of the newest backup; NULL: there was none
  free_mb        count,                                  -- of the disk; NULL: it could not be looked at
  behind         count     NOT NULL,                     -- events of the follower that was furthest behind
  warned         count     NOT NULL,                     -- looks that warned, and that were bad
  failed         count     NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, day)
);
