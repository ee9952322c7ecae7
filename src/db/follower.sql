-- Followers: events of a lane in order, and how far each follower has come.

-- name: events_after (lane i64, pos count, amount count) many hot all_tenants "a follower serves a lane"
SELECT tenant, no, lane, pos, kind, object, object_id, at, actor_kind, actor_id, request_id, data, detail, area, mac
  FROM event WHERE lane = $lane AND pos > $pos ORDER BY pos LIMIT $amount;

-- name: follower_note (lane i64, name code, pos count) exec all_tenants "a follower serves a lane"
INSERT INTO follower_cursor (lane, name, pos) VALUES ($lane, $name, $pos)
ON CONFLICT (lane, name) DO UPDATE SET pos = excluded.pos;

-- name: companies () many all_tenants "a rebuild goes through all companies of its lane"
SELECT tenant FROM tenant ORDER BY tenant;

-- name: lane_position (lane i64) many hot all_tenants "a lane carries many companies"
SELECT pos FROM lane WHERE lane = $lane;
