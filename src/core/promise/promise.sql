-- Promises: definitions, what each object counts for, and sums by day.

-- name: promises_all () many
SELECT p.* FROM promise p WHERE p.tenant = $tenant AND p.archived_at = 0 ORDER BY p.place, p.id LIMIT 200;

-- name: promise_cases_of (objects id[]) many
SELECT k.* FROM promise_case k WHERE k.tenant = $tenant AND k.object_id IN ($objects) ORDER BY k.object_id, k.promise_id;

-- All clocks of some objects, round after round.
-- name: promise_clocks (object code, objects id[]) many
SELECT k.object_id, k.measure, k.round, k.state, k.from_at, k.spent_ms, k.target_ms, k.breached_at FROM service_clock k
 WHERE k.tenant = $tenant AND k.object = $object AND k.object_id IN ($objects) ORDER BY k.object_id, k.measure, k.round;

-- name: promise_case_put (object id, promise id, day day, held flag, value count, region ref, product ref, team ref, agent ref, channel count, symptom ref) exec
INSERT INTO promise_case (tenant, object_id, promise_id, day, held, value, region_id, product_id, team_id, agent_id, channel, symptom_id)
VALUES ($tenant, $object, $promise, $day, $held, $value, $region, $product, $team, $agent, $channel, $symptom)
ON CONFLICT (tenant, object_id, promise_id) DO UPDATE SET day = excluded.day, held = excluded.held, value = excluded.value, region_id = excluded.region_id,
  product_id = excluded.product_id, team_id = excluded.team_id, agent_id = excluded.agent_id, channel = excluded.channel,
  symptom_id = excluded.symptom_id;

-- name: promise_case_remove (object id, promise id) exec
DELETE FROM promise_case WHERE tenant = $tenant AND object_id = $object AND promise_id = $promise;

-- What is taken away was there: a sum never falls below nothing.
-- name: promise_day_add (promise id, slice count, slice_id ref, part count, day day, part_id ref, cases i64, held i64, total i64) exec
INSERT INTO promise_day (tenant, promise_id, slice, slice_id, part, day, part_id, cases, held, total)
VALUES ($tenant, $promise, $slice, $slice_id, $part, $day, $part_id, $cases, $held, $total)
ON CONFLICT (tenant, promise_id, slice, slice_id, part, day, part_id) DO UPDATE
 SET cases = promise_day.cases + $cases, held = promise_day.held + $held, total = promise_day.total + $total;

-- name: promise_day_drop_empty (promise id, slice count, slice_id ref, part count, day day, part_id ref) exec
DELETE FROM promise_day WHERE tenant = $tenant AND promise_id = $promise AND slice = $slice AND slice_id = $slice_id AND part = $part AND day = $day
   AND part_id = $part_id AND cases = 0;

-- name: promise_days (promise id, slice count, slice_id ref, part count, part_id ref, from_day day, to_day day) many
SELECT d.day, d.cases, d.held, d.total FROM promise_day d
 WHERE d.tenant = $tenant AND d.promise_id = $promise AND d.slice = $slice AND d.slice_id = $slice_id AND d.part = $part AND d.part_id = $part_id
   AND d.day BETWEEN $from_day AND $to_day ORDER BY d.day LIMIT 400;

-- name: promise_parts (promise id, slice count, slice_id ref, part count, from_day day, to_day day) many
SELECT d.part_id, CAST(sum(d.cases) AS bigint) AS cases:i64, CAST(sum(d.held) AS bigint) AS held:i64, CAST(sum(d.total) AS bigint) AS total:i64 FROM promise_day d
 WHERE d.tenant = $tenant AND d.promise_id = $promise AND d.slice = $slice AND d.slice_id = $slice_id AND d.part = $part
   AND d.day BETWEEN $from_day AND $to_day GROUP BY d.part_id ORDER BY d.part_id LIMIT 2000;

-- Objects behind a figure, newest day first; 0 in a part: any.
-- name: promise_cases (promise id, held flag, from_day day, to_day day, region ref, product ref, team ref, agent ref, channel count, symptom ref, after_day day, after ref, most count) many
SELECT k.object_id, k.day, k.value FROM promise_case k
 WHERE k.tenant = $tenant AND k.promise_id = $promise AND k.held = $held AND k.day BETWEEN $from_day AND $to_day
   AND (k.day < $after_day OR (k.day = $after_day AND k.object_id < $after))
   AND ($region = 0 OR k.region_id = $region) AND ($product = 0 OR k.product_id = $product) AND ($team = 0 OR k.team_id = $team)
   AND ($agent = 0 OR k.agent_id = $agent) AND ($channel = 0 OR k.channel = $channel) AND ($symptom = 0 OR k.symptom_id = $symptom)
 ORDER BY k.day DESC, k.object_id DESC LIMIT $most;

-- Cases of one period by all parts at once, for the questions that no sum answers; 0: any.
-- name: promise_case_sums (promise id, from_day day, to_day day, region ref, product ref, team ref, channel count) many
SELECT k.region_id, k.product_id, k.team_id, k.agent_id, k.channel, k.symptom_id, count(*) AS cases:i64, CAST(sum(k.held) AS bigint) AS held:i64,
       CAST(sum(k.value) AS bigint) AS total:i64 FROM promise_case k
 WHERE k.tenant = $tenant AND k.promise_id = $promise AND k.held IN (0, 1) AND k.day BETWEEN $from_day AND $to_day
   AND ($region = 0 OR k.region_id = $region) AND ($product = 0 OR k.product_id = $product) AND ($team = 0 OR k.team_id = $team)
   AND ($channel = 0 OR k.channel = $channel)
 GROUP BY k.region_id, k.product_id, k.team_id, k.agent_id, k.channel, k.symptom_id LIMIT 100000;

-- The same of one agent, by the index of agents' cases.
-- name: promise_agent_sums (promise id, from_day day, to_day day, agent ref, region ref, product ref, team ref, channel count) many hot
SELECT k.region_id, k.product_id, k.team_id, k.agent_id, k.channel, k.symptom_id, count(*) AS cases:i64, CAST(sum(k.held) AS bigint) AS held:i64,
       CAST(sum(k.value) AS bigint) AS total:i64 FROM promise_case k
 WHERE k.tenant = $tenant AND k.promise_id = $promise AND k.agent_id = $agent AND k.day BETWEEN $from_day AND $to_day
   AND ($region = 0 OR k.region_id = $region) AND ($product = 0 OR k.product_id = $product) AND ($team = 0 OR k.team_id = $team)
   AND ($channel = 0 OR k.channel = $channel)
 GROUP BY k.region_id, k.product_id, k.team_id, k.agent_id, k.channel, k.symptom_id LIMIT 100000;

-- Days of one agent within anything; 0: any.
-- name: promise_agent_days (promise id, agent ref, from_day day, to_day day, region ref, product ref, team ref, channel count) many hot
SELECT k.day, count(*) AS cases:i64, CAST(sum(k.held) AS bigint) AS held:i64, CAST(sum(k.value) AS bigint) AS total:i64 FROM promise_case k
 WHERE k.tenant = $tenant AND k.promise_id = $promise AND k.agent_id = $agent AND k.day BETWEEN $from_day AND $to_day
   AND ($region = 0 OR k.region_id = $region) AND ($product = 0 OR k.product_id = $product) AND ($team = 0 OR k.team_id = $team)
   AND ($channel = 0 OR k.channel = $channel)
 GROUP BY k.day ORDER BY k.day LIMIT 400;

-- Days of where three filters meet or more. Each list holds what is asked for or, of the part that nobody asks for, all that there is of it:
-- so every question is some ranges of one index.
-- name: promise_crossed_days (promise id, regions id[], products id[], teams id[], channels id[], from_day day, to_day day) many hot
SELECT k.day, count(*) AS cases:i64, CAST(sum(k.held) AS bigint) AS held:i64, CAST(sum(k.value) AS bigint) AS total:i64 FROM promise_case k
 WHERE k.tenant = $tenant AND k.promise_id = $promise AND k.team_id IN ($teams) AND k.product_id IN ($products) AND k.region_id IN ($regions)
   AND k.channel IN ($channels) AND k.day BETWEEN $from_day AND $to_day
 GROUP BY k.day ORDER BY k.day LIMIT 400;

-- Their cases of one period by all parts at once.
-- name: promise_crossed_sums (promise id, regions id[], products id[], teams id[], channels id[], from_day day, to_day day) many hot
SELECT k.region_id, k.product_id, k.team_id, k.agent_id, k.channel, k.symptom_id, count(*) AS cases:i64, CAST(sum(k.held) AS bigint) AS held:i64,
       CAST(sum(k.value) AS bigint) AS total:i64 FROM promise_case k
 WHERE k.tenant = $tenant AND k.promise_id = $promise AND k.team_id IN ($teams) AND k.product_id IN ($products) AND k.region_id IN ($regions)
   AND k.channel IN ($channels) AND k.day BETWEEN $from_day AND $to_day
 GROUP BY k.region_id, k.product_id, k.team_id, k.agent_id, k.channel, k.symptom_id LIMIT 100000;
