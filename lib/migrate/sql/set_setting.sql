-- Gives this session a setting that schema files read.
-- in:  $1 text name, $2 text value
-- out: one row, text
SELECT set_config($1::text, $2::text, false);
