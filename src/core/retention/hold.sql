-- Legal holds. One in force ends later than now; releasing it ends it.

-- name: hold_any (now time_ms) many hot
SELECT h.id FROM legal_hold h WHERE h.tenant = $tenant AND h.ends_at > $now ORDER BY h.ends_at, h.id LIMIT 1;

-- name: holds_on (ids id[], now time_ms) many
SELECT h.* FROM legal_hold h WHERE h.tenant = $tenant AND h.object_id IN ($ids) AND h.ends_at > $now ORDER BY h.id LIMIT 50;

-- Of tickets of these customers.
-- name: holds_on_tickets_of (customers id[], now time_ms) many
SELECT h.* FROM legal_hold h JOIN ticket t ON t.tenant = h.tenant AND t.id = h.ticket_id
 WHERE h.tenant = $tenant AND h.ticket_id > 0 AND h.ends_at > $now AND t.customer_id IN ($customers) ORDER BY h.id LIMIT 50;

-- Which of these are held; which of these customers have a ticket that is.
-- name: held_among (ids id[], now time_ms) many
SELECT DISTINCT h.object_id FROM legal_hold h WHERE h.tenant = $tenant AND h.object_id IN ($ids) AND h.ends_at > $now ORDER BY h.object_id;

-- name: held_by_tickets (customers id[], now time_ms) many
SELECT DISTINCT t.customer_id FROM legal_hold h JOIN ticket t ON t.tenant = h.tenant AND t.id = h.ticket_id
 WHERE h.tenant = $tenant AND h.ticket_id > 0 AND h.ends_at > $now AND t.customer_id IN ($customers) ORDER BY t.customer_id;

-- name: hold_customers_of (tickets id[]) many
SELECT t.id, t.customer_id FROM ticket t WHERE t.tenant = $tenant AND t.id IN ($tickets) ORDER BY t.id;

-- What was merged into these, and not taken apart again.
-- name: hold_losers (record code, winners id[]) many
SELECT m.winner_id, m.loser_id FROM merge m WHERE m.tenant = $tenant AND m.record = $record AND m.winner_id IN ($winners) AND m.undone_at = 0 ORDER BY m.winner_id, m.id;
