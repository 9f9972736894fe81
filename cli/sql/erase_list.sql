-- What was erased, newest first.
-- out: at timestamptz, kind text, key text, demanded_by text, why text, texts int8, notices int8, objects int8, addresses int8
SELECT at, kind, key, demanded_by, why, texts, notices, objects, addresses
  FROM intake.erasure
 ORDER BY id DESC
 LIMIT 1000;
