-- The trace context of what a notice was planned for, as the entry has it; '' where that has none.
ALTER TABLE notify.notice
    ADD COLUMN trace text NOT NULL DEFAULT '';
