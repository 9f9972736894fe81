-- How many cases there are, and how many are parked.
-- out: open int8, total int8, parked int8
SELECT count(*) FILTER (WHERE state <> 'closed') AS open, count(*) AS total,
       (SELECT count(*) FROM journal.parked) AS parked
  FROM read.sla_case;
