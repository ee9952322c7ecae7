-- Statements of the writer itself: numbers of events, and the mark that tells whether a lost COMMIT happened.

-- The last of n fresh event numbers of this company.
-- name: event_numbers_take (amount count) one
INSERT INTO tenant_counter (tenant, event_no) VALUES ($tenant, $amount)
ON CONFLICT (tenant) DO UPDATE SET event_no = tenant_counter.event_no + excluded.event_no
RETURNING event_no AS last:count;

-- How far a series of numbers has come. A batch reads it once, counts and writes it once.
-- name: series_store (series code, last count) exec
INSERT INTO number_counter (tenant, series, last) VALUES ($tenant, $series, $last)
ON CONFLICT (tenant, series) DO UPDATE SET last = excluded.last;

-- The last of n fresh positions of this lane.
-- name: lane_positions_take (lane i64, amount count) one all_tenants "a lane carries many companies"
INSERT INTO lane (lane, pos) VALUES ($lane, $amount)
ON CONFLICT (lane) DO UPDATE SET pos = lane.pos + excluded.pos
RETURNING pos AS last:count;

-- name: lane_writer_note (lane i64, writer id, batch count, at time_ms) exec all_tenants "a lane carries many companies"
INSERT INTO lane_writer (lane, writer, batch, at) VALUES ($lane, $writer, $batch, $at)
ON CONFLICT (lane, writer) DO UPDATE SET batch = excluded.batch, at = excluded.at;

-- name: lane_writer_batch (lane i64, writer id) one all_tenants "a lane carries many companies"
SELECT batch FROM lane_writer WHERE lane = $lane AND writer = $writer;

-- Marks of processes that ended long ago. A living writer whose mark goes makes it anew with its next batch.
-- name: lane_writer_forget (lane i64, before time_ms) exec all_tenants "a lane carries many companies"
DELETE FROM lane_writer WHERE lane = $lane AND at < $before;
