-- The rest of a customer's file: with whom she lives, how she likes to be reached, what to mind.
ALTER TABLE customer ADD COLUMN household_id ref NOT NULL DEFAULT 0;           -- file of the head of her household
ALTER TABLE customer ADD COLUMN reach_by code NOT NULL DEFAULT '';             -- phone, sms, wechat, email; '': whichever
ALTER TABLE customer ADD COLUMN reach_at code NOT NULL DEFAULT '';             -- workday, evening, weekend; '': whenever
ALTER TABLE customer ADD COLUMN risk code NOT NULL DEFAULT '';                 -- watch, high
CREATE INDEX customer_by_household ON customer (tenant, household_id, created_at, id);
