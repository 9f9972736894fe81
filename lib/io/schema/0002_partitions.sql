-- Makes the partitions of the journal that are missing up to `ahead` numbers beyond the newest, and says which. Entries that
-- came before their partition lie in the default one and are moved: writers wait meanwhile, so run it often. Ranges that
-- every lane has left are not made again: they may have been detached.
CREATE FUNCTION journal.make_partitions(ahead int8)
RETURNS TABLE (partition text, low int8, high int8, moved int8)
LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
DECLARE
    size CONSTANT int8 := 1000000;
    first int8;
    last int8;
BEGIN
    SELECT least(min(l.seq), (SELECT min(e.seq) FROM journal.entry_default AS e)) / size, (max(l.seq) + ahead) / size
      INTO first, last
      FROM journal.lane AS l;
    FOR n IN first .. last LOOP
        partition := 'entry_' || n;
        low := n * size;
        high := low + size;
        CONTINUE WHEN to_regclass('journal.' || partition) IS NOT NULL;
        EXECUTE format('CREATE TABLE journal.%I (LIKE journal.entry INCLUDING ALL)', partition);
        LOCK TABLE journal.entry_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('WITH gone AS (DELETE FROM journal.entry_default WHERE seq >= %s AND seq < %s RETURNING *)'
                       ' INSERT INTO journal.%I (lane, seq, at, case_id, kind, body)'
                       ' SELECT lane, seq, at, case_id, kind, body FROM gone', low, high, partition);
        GET DIAGNOSTICS moved = ROW_COUNT;
        EXECUTE format('ALTER TABLE journal.entry ATTACH PARTITION journal.%I FOR VALUES FROM (%s) TO (%s)',
                       partition, low, high);
        RETURN NEXT;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION journal.make_partitions(int8) FROM PUBLIC;
