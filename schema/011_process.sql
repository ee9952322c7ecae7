-- How many processes have worked on this database. Each takes the next number when it opens it, and its ids carry it: two of
-- them at once never make the same id, in whatever containers, on whatever machines and with whatever clocks they run.
-- all tenants: a process serves all companies
CREATE TABLE process_counter (
  id             i64       NOT NULL,                     -- 1: the only row
  last           count     NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
);
