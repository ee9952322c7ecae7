-- What stands behind a place in a list.
-- name: queue_behind (list ref, place code, id ref, most count) many hot
SELECT e.ticket_id, e.place, e.put_by, e.put_at, e.product_id, e.due_at FROM queue_entry e
 WHERE e.tenant = $tenant AND e.list_id = $list AND (e.place, e.ticket_id) > ($place, $id) ORDER BY e.place, e.ticket_id LIMIT $most;

-- How long two lists are together, up to a limit; -1: there is no second.
-- name: queue_length (list i64, also i64, most count) one
SELECT count(*) AS n:i64 FROM (SELECT e.ticket_id FROM queue_entry e WHERE e.tenant = $tenant AND e.list_id IN ($list, $also) LIMIT $most) AS counted;

-- What these people know.
-- name: skills_of (users id[]) many
SELECT s.user_id, s.product_id FROM user_skill s WHERE s.tenant = $tenant AND s.user_id IN ($users) AND s.archived_at = 0 ORDER BY s.user_id, s.product_id LIMIT 5000;

-- name: queue_find (ticket id) many hot
SELECT e.* FROM queue_entry e WHERE e.tenant = $tenant AND e.ticket_id = $ticket;

-- Solved, closed, archived.
-- name: queue_leave (ticket id) exec hot
DELETE FROM queue_entry WHERE tenant = $tenant AND ticket_id = $ticket;

-- Somebody put it there, or it stands by itself again: put_at 0.
-- name: queue_put (ticket id, place code, put_in ref, put_by ref, put_at time_ms) exec hot
UPDATE queue_entry SET place = $place, put_in = $put_in, put_by = $put_by, put_at = $put_at WHERE tenant = $tenant AND ticket_id = $ticket;

-- Moved up, to make room for another one.
-- name: queue_shift (ticket id, place code) exec hot
UPDATE queue_entry SET place = $place WHERE tenant = $tenant AND ticket_id = $ticket;

-- name: queue_entry_is (ticket id, list ref, place code, owner ref, team ref, region ref, product ref, due time_ms, critical flag, waits_since time_ms, put_in ref, put_by ref, put_at time_ms) exec hot
UPDATE queue_entry SET list_id = $list, place = $place, owner_id = $owner, team_id = $team, region_id = $region, product_id = $product, due_at = $due,
       critical = $critical, waits_since = $waits_since,
       put_in = $put_in, put_by = $put_by, put_at = $put_at WHERE tenant = $tenant AND ticket_id = $ticket;
