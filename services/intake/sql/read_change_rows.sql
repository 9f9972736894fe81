-- The objects that a change touched: text came without one going (added), one for the other (changed), or only went (removed).
-- in:  $1 text change_id
-- out: kind int2, key text, came bool, went bool
SELECT o.kind, o.key, bool_or(o.since = v.version) AS came, bool_or(coalesce(o.until = v.version, false)) AS went
  FROM registry.version AS v
  JOIN registry.object AS o ON o.since = v.version OR o.until = v.version
 WHERE v.change_id = $1::text
 GROUP BY o.kind, o.key
 ORDER BY o.kind, o.key
 LIMIT 1000;
