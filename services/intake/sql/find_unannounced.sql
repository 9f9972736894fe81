-- A lane that was not told of the newest registry version.
-- out: lane int2, version int8
SELECT l.lane, v.version
  FROM (SELECT max(version) AS version FROM registry.version) AS v
 CROSS JOIN journal.lane AS l
  LEFT JOIN registry.announced AS a ON a.lane = l.lane
 WHERE v.version > coalesce(a.version, 0)
 ORDER BY l.lane
 LIMIT 1;
