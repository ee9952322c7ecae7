-- Tags: names, what they stand for, and which rows have them.

-- What names mean that are given folded.
-- name: tags_named (folded code[]) many
SELECT w.id, w.folded, w.stands_for, s.name, s.archived_at
  FROM tag w JOIN tag s ON (s.tenant, s.id) = (w.tenant, w.stands_for)
 WHERE w.tenant = $tenant AND w.folded IN ($folded);

-- name: tags_shown (ids id[]) many hot
SELECT w.id, w.stands_for, s.name
  FROM tag w JOIN tag s ON (s.tenant, s.id) = (w.tenant, w.stands_for)
 WHERE w.tenant = $tenant AND w.id IN ($ids);

-- Every name, folded, under which these tags may be asked for; sorted byte by byte.
-- name: tags_words_of (ids id[]) many
SELECT o.folded
  FROM tag w JOIN tag o ON (o.tenant, o.stands_for) = (w.tenant, w.stands_for)
 WHERE w.tenant = $tenant AND o.tenant = $tenant AND w.id IN ($ids) ORDER BY o.folded;

-- name: tag_count () one
SELECT count(*) AS n:count FROM tag t WHERE t.tenant = $tenant;

-- What tags are also called.
-- name: tags_also (stands id[]) many
SELECT o.stands_for, o.id, o.name FROM tag o WHERE o.tenant = $tenant AND o.stands_for IN ($stands) AND o.id <> o.stands_for ORDER BY o.stands_for, o.id;

-- name: tag_move_names (from id, to id) exec
UPDATE tag SET stands_for = $to WHERE tenant = $tenant AND stands_for = $from;

-- name: tag_use_drop (object_id id, tag_id id) exec
DELETE FROM tag_use WHERE tenant = $tenant AND object_id = $object_id AND tag_id = $tag_id;

-- Tags made by typing that a row has, or had under another name.
-- name: tags_typed_of (object_id id) many
SELECT u.tag_id, t.stands_for FROM tag_use u JOIN tag t ON (t.tenant, t.id) = (u.tenant, u.tag_id)
 WHERE u.tenant = $tenant AND u.object_id = $object_id AND t.typed = 1;

-- name: tag_uses_forget (object_id id) exec
DELETE FROM tag_use WHERE tenant = $tenant AND object_id = $object_id;

-- name: tag_uses_left (stand id) many
SELECT u.object_id FROM tag t JOIN tag_use u ON (u.tenant, u.tag_id) = (t.tenant, t.id)
 WHERE t.tenant = $tenant AND u.tenant = $tenant AND t.stands_for = $stand LIMIT 1;

-- name: tag_curated (stand id) many
SELECT t.id FROM tag t WHERE t.tenant = $tenant AND t.stands_for = $stand AND t.typed = 0 LIMIT 1;

-- name: tags_standing (stand id) many
SELECT t.* FROM tag t WHERE t.tenant = $tenant AND t.stands_for = $stand ORDER BY t.id LIMIT 200;

-- Names that begin so, and what they stand for.
-- name: tags_suggested (from code, before code, most i64) many
SELECT w.id, s.id AS stands_for, s.name, w.name AS said
  FROM tag w JOIN tag s ON (s.tenant, s.id) = (w.tenant, w.stands_for)
 WHERE w.tenant = $tenant AND w.folded >= $from AND w.folded < $before AND s.archived_at = 0 ORDER BY w.folded LIMIT $most;

-- How many rows have each tag, under whatever name; each counted up to so many. What is archived does not count, as in lists.
-- name: tags_used (stands id[], tickets i64, customers i64, talks i64) many
SELECT s.id, (SELECT count(*) FROM (
         SELECT DISTINCT u.object_id FROM tag t JOIN tag_use u ON (u.tenant, u.tag_id) = (t.tenant, t.id) JOIN ticket r ON (r.tenant, r.id) = (u.tenant, u.object_id)
          WHERE t.tenant = $tenant AND u.tenant = $tenant AND r.tenant = $tenant AND t.stands_for = s.id AND u.object = 'ticket' AND r.archived_at = 0
          LIMIT $tickets) AS of_tickets) AS tickets:count,
       (SELECT count(*) FROM (
         SELECT DISTINCT v.object_id FROM tag w JOIN tag_use v ON (v.tenant, v.tag_id) = (w.tenant, w.id) JOIN customer k ON (k.tenant, k.id) = (v.tenant, v.object_id)
          WHERE w.tenant = $tenant AND v.tenant = $tenant AND k.tenant = $tenant AND w.stands_for = s.id AND v.object = 'customer' AND k.archived_at = 0
          LIMIT $customers) AS of_customers) AS customers:count,
       (SELECT count(*) FROM (
         SELECT DISTINCT x.object_id FROM tag y JOIN tag_use x ON (x.tenant, x.tag_id) = (y.tenant, y.id) JOIN conversation n ON (n.tenant, n.id) = (x.tenant, x.object_id)
          WHERE y.tenant = $tenant AND x.tenant = $tenant AND n.tenant = $tenant AND y.stands_for = s.id AND x.object = 'conversation' AND n.archived_at = 0
          LIMIT $talks) AS of_talks) AS talks:count
  FROM tag s WHERE s.tenant = $tenant AND s.id IN ($stands);
