-- Open work in the order in which it is to be done: one row a ticket that is neither solved nor archived. A ticket stands in one list at
-- a time: its owner's, without one its team's. What is sorted and summed stands here, so that neither asks for closed tickets.
CREATE TABLE queue_entry (
  tenant         tenant_id NOT NULL,
  ticket_id      id        NOT NULL,
  list_id        ref       NOT NULL DEFAULT 0,           -- the owner, else the team; 0: waits for all teams
  place          code      NOT NULL,                     -- 32 hexadecimal digits (domain/ticket/queue_key.c)
  owner_id       ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  region_id      ref       NOT NULL DEFAULT 0,
  product_id     ref       NOT NULL DEFAULT 0,
  due_at         time_ms   NOT NULL,
  since          time_ms   NOT NULL,                     -- when it came into this list
  put_in         ref       NOT NULL DEFAULT 0,           -- the list in which somebody gave it its place
  put_by         ref       NOT NULL DEFAULT 0,
  put_at         time_ms   NOT NULL DEFAULT 0,           -- 0: it stands where it stands by itself
  PRIMARY KEY (tenant, ticket_id)
);
CREATE INDEX queue_entry_by_place ON queue_entry (tenant, list_id, place, ticket_id);

-- Those that are open today, where they stand by themselves.
-- only sqlite
INSERT INTO queue_entry (tenant, ticket_id, list_id, place, owner_id, team_id, region_id, product_id, due_at, since)
SELECT o.tenant, o.id, CASE WHEN o.owner_id > 0 THEN o.owner_id ELSE o.team_id END,
       printf('%016x%012x0000', o.band * 288230376151711744 + (o.next_due_at >= 253402300799999) * 144115188075855872 + o.moment * 32768 + o.id / 281474976710656,
              o.id % 281474976710656),
       o.owner_id, o.team_id, o.region_id, o.product_id, o.next_due_at, o.created_at
  FROM (SELECT t.*, min(CASE WHEN t.next_due_at < 253402300799999 THEN t.next_due_at ELSE t.created_at END, 4398046511103) AS moment,
               CASE WHEN t.state = 'waiting_customer' THEN 5 WHEN t.danger <> '' THEN 1 WHEN t.grade = 'critical' THEN 2 WHEN t.grade = 'urgent' THEN 3 ELSE 4 END AS band
          FROM ticket t WHERE t.state IN ('new', 'accepted', 'working', 'waiting_customer') AND t.archived_at = 0) o;
-- end
-- only postgresql
INSERT INTO queue_entry (tenant, ticket_id, list_id, place, owner_id, team_id, region_id, product_id, due_at, since)
SELECT o.tenant, o.id, CASE WHEN o.owner_id > 0 THEN o.owner_id ELSE o.team_id END,
       lpad(to_hex(o.band * 288230376151711744 + CASE WHEN o.next_due_at >= 253402300799999 THEN 144115188075855872 ELSE 0 END + o.moment * 32768
                   + o.id / 281474976710656), 16, '0') || lpad(to_hex(o.id % 281474976710656), 12, '0') || '0000',
       o.owner_id, o.team_id, o.region_id, o.product_id, o.next_due_at, o.created_at
  FROM (SELECT t.*, least(CASE WHEN t.next_due_at < 253402300799999 THEN t.next_due_at ELSE t.created_at END, 4398046511103) AS moment,
               CAST(CASE WHEN t.state = 'waiting_customer' THEN 5 WHEN t.danger <> '' THEN 1 WHEN t.grade = 'critical' THEN 2 WHEN t.grade = 'urgent' THEN 3 ELSE 4 END AS bigint) AS band
          FROM ticket t WHERE t.state IN ('new', 'accepted', 'working', 'waiting_customer') AND t.archived_at = 0) o;
-- end
