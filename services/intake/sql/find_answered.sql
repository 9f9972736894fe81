-- Whether something was answered already.
-- in:  $1 int2 lane, $2 text source, $3 text key, $4 int2 kind
-- out: is_there bool
SELECT EXISTS (SELECT FROM intake.receipt AS r
                WHERE r.lane = $1::int2 AND r.source = $2::text AND r.key = $3::text AND r.kind = $4::int2) AS is_there;
