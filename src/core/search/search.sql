-- name: search_lane_start (lane i64) exec all_tenants "one index serves a lane"
INSERT INTO search_lane (lane) VALUES ($lane) ON CONFLICT (lane) DO NOTHING;

-- Numbers for added and replaced documents; the last of them is returned.
-- name: search_next_docs (lane i64, added i64, replaced i64) many writes all_tenants "one index serves a lane"
UPDATE search_lane SET last_doc = last_doc + $added + $replaced, live = live + $added, stale = stale + $replaced WHERE lane = $lane
RETURNING last_doc, active, building;

-- name: search_docs (object code, ids id[]) many hot
SELECT d.* FROM search_doc d WHERE d.tenant = $tenant AND d.object = $object AND d.object_id IN ($ids);

-- name: search_lane_drop (lane i64, at time_ms) exec all_tenants "one index serves a lane"
UPDATE search_lane SET live = live - 1, stale = stale + 1, erased_at = CASE WHEN erased_at = 0 THEN $at ELSE erased_at END
 WHERE lane = $lane;

-- name: search_doc_touch (object code, object_id id, at time_ms) exec
UPDATE search_doc SET at = $at WHERE tenant = $tenant AND object = $object AND object_id = $object_id AND at < $at;

-- name: search_put_0 (doc id, lane i64, words text) exec all_tenants "its words carry the company"
-- only sqlite
INSERT INTO search_text_0 (rowid, words) VALUES ($doc, $words);
-- end
-- only postgresql
INSERT INTO search_text_0 (lane, doc, words) VALUES ($lane, $doc, array_to_tsvector(string_to_array($words, ' ')));
-- end

-- name: search_put_1 (doc id, lane i64, words text) exec all_tenants "its words carry the company"
-- only sqlite
INSERT INTO search_text_1 (rowid, words) VALUES ($doc, $words);
-- end
-- only postgresql
INSERT INTO search_text_1 (lane, doc, words) VALUES ($lane, $doc, array_to_tsvector(string_to_array($words, ' ')));
-- end

-- The newest hits first, then joined to the protected map, which drops what is stale.
-- name: search_hits_0 (lane i64, question text, most count) many
-- only sqlite
WITH hit AS MATERIALIZED (SELECT rowid AS doc FROM search_text_0 WHERE search_text_0 MATCH $question ORDER BY rowid DESC LIMIT $most)
SELECT d.object, d.object_id, d.at, d.head, d.words FROM hit CROSS JOIN search_doc d WHERE d.tenant = $tenant AND d.lane = $lane AND d.doc = hit.doc;
-- end
-- only postgresql
WITH hit AS MATERIALIZED (SELECT s.doc FROM search_text_0 s WHERE s.words @@ $question::tsquery ORDER BY s.doc DESC LIMIT $most)
SELECT d.object, d.object_id, d.at, d.head, d.words FROM hit CROSS JOIN search_doc d WHERE d.tenant = $tenant AND d.lane = $lane AND d.doc = hit.doc;
-- end

-- name: search_hits_1 (lane i64, question text, most count) many
-- only sqlite
WITH hit AS MATERIALIZED (SELECT rowid AS doc FROM search_text_1 WHERE search_text_1 MATCH $question ORDER BY rowid DESC LIMIT $most)
SELECT d.object, d.object_id, d.at, d.head, d.words FROM hit CROSS JOIN search_doc d WHERE d.tenant = $tenant AND d.lane = $lane AND d.doc = hit.doc;
-- end
-- only postgresql
WITH hit AS MATERIALIZED (SELECT s.doc FROM search_text_1 s WHERE s.words @@ $question::tsquery ORDER BY s.doc DESC LIMIT $most)
SELECT d.object, d.object_id, d.at, d.head, d.words FROM hit CROSS JOIN search_doc d WHERE d.tenant = $tenant AND d.lane = $lane AND d.doc = hit.doc;
-- end

-- name: search_build_start (lane i64) exec all_tenants "one index serves a lane"
UPDATE search_lane SET building = 1, built_to = 0, build_end = last_doc WHERE lane = $lane AND building = 0;

-- name: search_build_chunk (lane i64, after ref, last ref, most count) many all_tenants "a rebuild walks the documents of a lane"
SELECT d.tenant, d.object, d.object_id, d.doc FROM search_doc d
 WHERE d.lane = $lane AND d.doc > $after AND d.doc <= $last ORDER BY d.doc LIMIT $most;

-- name: search_build_reached (lane i64, doc ref) exec all_tenants "one index serves a lane"
UPDATE search_lane SET built_to = $doc WHERE lane = $lane;

-- name: search_build_swap (lane i64) exec all_tenants "one index serves a lane"
UPDATE search_lane SET active = 1 - active, building = 0, stale = 0, erased_at = 0 WHERE lane = $lane AND building = 1;

-- name: search_clear_0 (lane i64) exec all_tenants "one index serves a lane"
-- only sqlite
INSERT INTO search_text_0 (search_text_0) SELECT 'delete-all' WHERE $lane = 0;
-- end
-- only postgresql
DELETE FROM search_text_0 WHERE lane = $lane;
-- end

-- name: search_clear_1 (lane i64) exec all_tenants "one index serves a lane"
-- only sqlite
INSERT INTO search_text_1 (search_text_1) SELECT 'delete-all' WHERE $lane = 0;
-- end
-- only postgresql
DELETE FROM search_text_1 WHERE lane = $lane;
-- end
