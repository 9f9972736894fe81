-- Appends RegistryApplied to a lane, once: who comes second, with this version or an older one, changes nothing and gets no row.
-- in:  $1 int2 lane, $2 int8 version, $3 bytea packed Event
-- out: seq int8, at timestamptz
WITH told AS (
    INSERT INTO registry.announced AS a (lane, version)
    VALUES ($1::int2, $2::int8)
        ON CONFLICT (lane) DO UPDATE
       SET version = excluded.version
     WHERE a.version < excluded.version
 RETURNING lane),
clock AS MATERIALIZED (
    SELECT anchor_domain + (clock_timestamp() - anchor_real) * rate AS now
      FROM journal.clock),
counter AS (
    UPDATE journal.lane AS l
       SET seq = l.seq + 1,
           at = greatest(l.at, clock.now)
      FROM clock, told
     WHERE l.lane = $1::int2
 RETURNING l.seq, l.at),
entries AS (
    INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
    SELECT $1::int2, seq, at, 0, 12, $3::bytea
      FROM counter)
SELECT seq, at
  FROM counter;
