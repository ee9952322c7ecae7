-- Links of tickets, in either direction. Nothing of them moves with a merge or a split: whoever asks for a ticket asks for all that went into it.
-- name: links_of_tickets (tickets id[]) many
SELECT l.* FROM ticket_link l WHERE l.tenant = $tenant AND (l.from_id IN ($tickets) OR l.to_id IN ($tickets)) ORDER BY l.at, l.id LIMIT 500;

-- Between those and one other.
-- name: links_between (tickets id[], others id[]) many
SELECT l.* FROM ticket_link l WHERE l.tenant = $tenant AND ((l.from_id IN ($tickets) AND l.to_id IN ($others)) OR (l.to_id IN ($tickets) AND l.from_id IN ($others)))
 ORDER BY l.at, l.id LIMIT 10;

-- name: tell_apart (record code, object id, other id, actor_kind i64, actor ref, at time_ms) exec
INSERT INTO told_apart (tenant, record, object_id, other_id, actor_kind, actor_id, at) VALUES ($tenant, $record, $object, $other, $actor_kind, $actor, $at)
    ON CONFLICT DO NOTHING;

-- name: tell_apart_no_more (record code, object id, other id) exec
DELETE FROM told_apart WHERE tenant = $tenant AND record = $record AND ((object_id = $object AND other_id = $other) OR (object_id = $other AND other_id = $object));

-- name: told_apart_from (record code, objects id[]) many
SELECT d.object_id, d.other_id FROM told_apart d WHERE d.tenant = $tenant AND d.record = $record AND d.object_id IN ($objects) ORDER BY d.object_id, d.other_id LIMIT 2000;

-- A customer's other open tickets, newest first.
-- name: open_tickets_of_customer (customer id, besides ref, most i64) many
SELECT t.* FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.id <> $besides AND t.archived_at = 0
   AND t.state NOT IN ('closed', 'cancelled') ORDER BY t.created_at DESC, t.id DESC LIMIT $most;

-- A ticket that is gone.
-- name: ticket_links_drop (ticket id) exec
DELETE FROM ticket_link WHERE tenant = $tenant AND (from_id = $ticket OR to_id = $ticket);

-- name: told_apart_drop (record code, object id) exec
DELETE FROM told_apart WHERE tenant = $tenant AND record = $record AND (object_id = $object OR other_id = $object);
